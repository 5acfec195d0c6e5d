"""Cut a text: paragraphs, sentences, quotation marks, spans."""

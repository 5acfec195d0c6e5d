"""One way to cut a text: quotation marks, paragraphs, spans."""

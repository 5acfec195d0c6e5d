"""Words and credits compared; statements across outlets; was this said?"""

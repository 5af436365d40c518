"""Read the text of pictures and of scanned pages, in a process of its own and within bounds.

The libraries are an extra (``ocr``); the models come with them, and nothing is downloaded.
"""

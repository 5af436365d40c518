"""Turn data into what people read: pure, data in, bytes out."""

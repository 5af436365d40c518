"""What is asked of a host once, besides its pages: TLS, IPv6, exposed files, cloaking, functions."""

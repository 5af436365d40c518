"""Injected links, frames, scripts and titles: signs, their weight, and the check."""

"""What leads do to charts."""

"""Numbers, posts and codings as files."""

"""How static files are named for browsers."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Names with hashes, also where one of our modules imports another.

    Otherwise a module would be loaded twice, once under each of its names, with a state of its own
    each time, and the copy without a hash could be an old one from a cache.
    """

    support_js_module_import_aggregation = True
    # Of ours only: a package's comments hold imports of files that do not exist.
    _js_module_import_aggregation_patterns = (
        "js/*.js",
        CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1],
    )

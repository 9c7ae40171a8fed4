"""What a worker remembers of the words that it meets is bounded early, so that its memory is soon flat."""

import importlib
import pkgutil

import pipeline

MOST = 1 << 15


def test_no_cache_of_words_is_larger_than_speed_needs() -> None:
    """More entries than these saved no time on 2,016 documents; an unbounded cache (None) is one of tables."""
    names = [module.name for module in pkgutil.walk_packages(pipeline.__path__, "pipeline.")]
    modules = [importlib.import_module(name) for name in names if not name.startswith("pipeline.training")]
    sizes = {
        f"{module.__name__}.{name}": value.cache_parameters()["maxsize"]
        for module in modules
        for name, value in vars(module).items()
        if hasattr(value, "cache_parameters")
    }
    assert len(sizes) > 50
    assert {name: size for name, size in sizes.items() if (size or 0) > MOST} == {}

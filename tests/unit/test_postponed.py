"""Modules that are kept out while another is imported: promised, and there when they are asked for."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from baocao.system.postponed import is_promised, kept, kept_out

FILES = {
    "shop/__init__.py": "from shop.goods import Pear, price\nfrom shop.goods.apples import Apple\n"
    "from shop.till import pay",
    "shop/goods/__init__.py": "class Pear:\n    colour = 'green'\ndef price(count): return 3 * count",
    "shop/goods/apples.py": "class Apple:\n    pass",
    "shop/till.py": "def pay(): return 'paid'",
}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """A package that was imported without its goods."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with kept_out(r"shop\.goods(\..*)?") as names:
        import shop  # type: ignore[import-not-found] # written just now
    assert names == ["shop.goods", "shop.goods.apples"]
    yield shop
    for name in [name for name in sys.modules if name.partition(".")[0] == "shop"]:
        del sys.modules[name]


def test_what_was_kept_out_is_not_loaded(shop: ModuleType) -> None:
    assert {name for name in sys.modules if name.startswith("shop")} == {"shop", "shop.till"}
    assert not hasattr(shop, "goods")
    assert (is_promised(shop.Pear), is_promised(shop.pay), shop.pay()) == (True, False, "paid")


def test_nothing_is_of_a_promised_class_and_to_ask_loads_nothing(shop: ModuleType) -> None:
    assert (isinstance(3, shop.Pear), issubclass(int, shop.Pear)) == (False, False)
    assert "shop.goods" not in sys.modules


def test_a_promise_loads_what_it_stands_for(shop: ModuleType) -> None:
    assert (shop.price(2), shop.Pear.colour) == (6, "green")
    pear = shop.Pear()
    assert type(pear) is kept(shop.Pear) is sys.modules["shop.goods"].Pear
    assert isinstance(pear, shop.Pear)
    assert issubclass(type(pear), shop.Pear)


def test_a_promise_can_be_derived_from_and_lacks_what_the_real_one_lacks(shop: ModuleType) -> None:
    class Russet(shop.Apple):  # type: ignore[misc]
        pass

    assert Russet.__mro__[1] is sys.modules["shop.goods.apples"].Apple
    with pytest.raises(AttributeError):
        shop.Pear.weight  # noqa: B018 - asked for, to see it fail

"""`make screenshots`: renews the README's pictures from the demo network. Not collected by `make test`."""

import shutil
import subprocess
from pathlib import Path

import pytest

PICTURES = Path(__file__).resolve().parents[2] / "static" / "img" / "readme"


@pytest.fixture
def save():
    PICTURES.mkdir(parents=True, exist_ok=True)
    return lambda page, name, **how: page.screenshot(path=PICTURES / f"{name}.png", **how)


def test_matrix_and_cell(demo, open_window, save):
    reader = open_window("en", 1440)
    reader.sign_in("expert")
    reader.go("/monitoring/2005/matrix/")
    save(reader.page, "matrix")
    reader.page.click("a.go[href$='/7/kordai/']")
    reader.page.wait_for_selector("#panel form")
    save(reader.page, "cell")


def test_phone(demo, open_window, save):
    reader = open_window("kk", 390)
    reader.sign_in("kordai")
    save(reader.page, "phone")


def test_pdf(demo, open_window, tmp_path):
    if not shutil.which("pdftoppm"):
        pytest.skip("pdftoppm (poppler-utils) is not installed")
    reader = open_window("ru", 1440)
    reader.sign_in("expert")
    with reader.page.expect_download() as download:
        reader.page.evaluate("location.href = '/reports/2005/matrix.pdf?download=1'")
    PICTURES.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        ["pdftoppm", "-png", "-r", "50", "-f", "1", "-l", "1", "-singlefile", download.value.path(), PICTURES / "pdf"],
        check=True,
    )

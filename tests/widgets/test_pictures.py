"""Smaller copies of pictures: light enough, upright, and in a browser of the original's own size."""

import json
from io import BytesIO

import pytest
from hypothesis import given, strategies as st
from PIL import Image

from a2i_al.templates import worker_page
from a2i_al.widgets.pictures import reduced, share


def picture(size=(1200, 900), kind="JPEG", mode="RGB", **options):
    """Give a file with a red left half and noise, which no format makes small."""
    noise = Image.effect_noise(size, 120).convert(mode)
    noise.paste(Image.new(mode, (size[0] // 2, size[1]), "red" if mode != "L" else 0))
    file = BytesIO()
    noise.save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize("most", [2_000, 20_000, 60_000])
@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("JPEG", "L"), ("JPEG", "CMYK")]
)
def test_a_copy_is_as_light_as_is_wanted_and_knows_both_sizes(most, kind, mode):
    """Whatever the colours are."""
    content = picture(kind=kind, mode=mode)
    copy = reduced(content, most)
    assert copy.full == (1200, 900)
    assert copy.size[0] / copy.size[1] == pytest.approx(4 / 3, rel=0.05)
    assert len(copy.url) < 4 / 3 * most + 500


def test_what_is_no_still_picture_has_no_copy():
    """A document, half a file, a film of pictures, and what has more than eight bits a colour."""
    film = BytesIO()
    frames = [Image.effect_noise((200, 200), 99) for _ in range(3)]
    frames[0].save(film, "GIF", save_all=True, append_images=frames[1:])
    deep = BytesIO()
    Image.new("I;16", (300, 300)).save(deep, "PNG")
    for content in (b"%PDF-1.7 ...", picture()[:5_000], film.getvalue(), deep.getvalue(), b""):
        assert reduced(content, 1_000) is None


@given(st.lists(st.integers(0, 1_000), min_size=1, max_size=9), st.integers(9, 4_000))
def test_shares_fill_the_page_and_no_more(sizes, total):
    """What is smaller than its share leaves the rest to the larger ones; nothing is reduced that need not be."""
    most = share(sizes, total)
    taken = [min(size, most) for size in sizes]
    assert sum(taken) <= total
    assert taken == sizes or sum(taken) > total - len(sizes)


@pytest.mark.browser
@pytest.mark.parametrize("orientation", [1, 6])
def test_the_browser_sees_the_original_s_size_and_its_colours_the_right_way_up(chromium_page, orientation):
    """In the task page with its policy: the size in pixels, a pixel of the left half, and a canvas that can be read."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    copy = reduced(picture(exif=exif), 30_000)
    assert copy.full == ((1200, 900) if orientation == 1 else (900, 1200))
    chromium_page.set_content(worker_page(f'<img id="it" src="{copy.url}">', nonce="0123456789abcdef"))
    seen = chromium_page.evaluate(
        """async () => {
          const image = document.getElementById('it');
          await image.decode();
          const canvas = document.createElement('canvas');
          [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
          const context = canvas.getContext('2d');
          context.drawImage(image, 0, 0);
          const at = (x, y) => [...context.getImageData(x * canvas.width, y * canvas.height, 1, 1).data.slice(0, 3)];
          return { size: [canvas.width, canvas.height], left: at(0.2, 0.7), top: at(0.7, 0.2) };
        }"""
    )
    assert tuple(seen["size"]) == copy.full
    red, green, blue = seen["left" if orientation == 1 else "top"]
    assert red > 200
    assert max(green, blue) < 60


@pytest.mark.browser
def test_a_box_on_a_copy_is_in_the_pixels_of_the_original(chromium_page):
    """The copy has a fraction of them; a box over its right half starts in the middle of the original."""
    copy = reduced(picture((3000, 2000)), 20_000)
    assert copy.size[0] < 1000
    box = f"""<crowd-bounding-box name="b" labels="['cat']" header="Draw" src="{copy.url}"></crowd-bounding-box>"""
    chromium_page.set_content(worker_page(f"<crowd-form>{box}</crowd-form>", nonce="0123456789abcdef"))
    chromium_page.locator(".stage.ready").wait_for()
    stage = chromium_page.locator(".stage").bounding_box()
    centre = stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2
    chromium_page.mouse.move(*centre)
    chromium_page.mouse.down()
    chromium_page.mouse.move(centre[0] + 60, centre[1] + 40, steps=4)
    chromium_page.mouse.up()
    chromium_page.get_by_role("button", name="Submit").click()
    shown = chromium_page.locator("pre")
    shown.wait_for()
    answer = json.loads(shown.inner_text())["b"]
    assert answer["inputImageProperties"] == {"width": 3000, "height": 2000}
    assert answer["boundingBoxes"][0]["left"] == pytest.approx(1500, abs=15)
    assert answer["boundingBoxes"][0]["top"] == pytest.approx(1000, abs=15)

"""What a page shows once its samples of code are left out."""

import pytest

from checks.model.html_tree import body_of
from checks.reading.samples import without_samples

LONG = "<p>" + "说明" * 300 + "</p>"


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<p>甲<code>x</code>乙</p>", "甲乙"),
        ("<pre><code>x <kbd>y</kbd></code></pre>甲", "甲"),
        ("<pre class=programlisting>x</pre>甲", "甲"),
        ("<pre>Traceback</pre>", "Traceback"),
        ("<code><code>x</code></code><samp>y</samp>", ""),
    ],
)
def test_marked_samples_go_and_a_bare_block_stays(html, shown):
    assert body_of(without_samples(html)).text == shown


def test_a_bare_block_in_a_long_text_is_a_sample():
    assert "Traceback" not in body_of(without_samples(LONG + "<pre>Traceback</pre>")).text

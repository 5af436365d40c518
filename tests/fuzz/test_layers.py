"""No reader raises on any input, or costs more than it may: some hundred inputs each, the same on every run."""

import time

import pytest

from tests.fuzz.layers import LARGEST, LAYERS, small_input

INPUTS = 150
MOST_SECONDS = 5.0
"""CPU seconds of one input of 2 KB: an ordinary one takes a millisecond."""


@pytest.mark.parametrize("name", LAYERS)
def test_a_reader_makes_something_of_anything(name):
    layer = LAYERS[name]
    for number in range(INPUTS):
        data, chance = small_input(number, layer)
        began = time.process_time()
        try:
            layer.read(data, chance)
        except Exception as error:
            raise AssertionError(f"python bench/fuzz.py --layers {name} --first {number} --inputs 1") from error
        assert time.process_time() - began < MOST_SECONDS, number


@pytest.mark.parametrize("name", LAYERS)
def test_an_input_of_a_layer_is_known_by_its_number(name):
    made = [small_input(number, LAYERS[name])[0] for number in (3, 4, 3)]
    assert made[0] == made[2]
    assert len(max(made, key=len)) <= LARGEST

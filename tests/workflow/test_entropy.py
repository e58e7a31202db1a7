import hashlib
from collections import Counter

import pytest

from workflow.entropy import CLEAR, SeededEntropy, SystemEntropy, seeded_permutation

BOTH = pytest.mark.parametrize("entropy", [SystemEntropy(), SeededEntropy(7)], ids=["system", "seeded"])


def test_the_same_seed_gives_the_same_chance_and_another_seed_another():
    def drawn(seed):
        entropy = SeededEntropy(seed)
        return (
            entropy.token(16),
            entropy.code(8),
            [entropy.below(1000) for _ in range(5)],
            entropy.shuffle("abcdef"),
        )

    assert drawn(1) == drawn(1)
    assert drawn(1) == drawn("1")
    assert drawn(1) != drawn(2)


def test_seeded_draws_are_pinned_for_ever():
    assert SeededEntropy(1).code(10) == "NVXYW3AE2S"
    assert seeded_permutation("鄞州区 2016-09 低保入户抽查", 10) == [1, 0, 5, 4, 6, 7, 9, 8, 2, 3]


def test_an_outsider_repeats_a_permutation_from_its_description():
    seed, n = "2016-09/330212", 25
    places = list(range(n))
    for counter, i in enumerate(range(n - 1, 0, -1)):
        j = int(hashlib.sha256(f"{seed}:{counter}".encode()).hexdigest(), 16) % (i + 1)
        places[i], places[j] = places[j], places[i]
    assert seeded_permutation(seed, n) == places


def test_a_permutation_holds_every_place_once_and_all_orders_come():
    assert seeded_permutation("x", 0) == []
    assert sorted(seeded_permutation("x", 100)) == list(range(100))
    orders = Counter(tuple(seeded_permutation(str(seed), 3)) for seed in range(3000))
    assert len(orders) == 6
    assert all(400 < count < 600 for count in orders.values())


@BOTH
def test_numbers_below_n_are_even_and_in_range(entropy):
    counts = Counter(entropy.below(5) for _ in range(5000))
    assert set(counts) == set(range(5))
    assert all(800 < count < 1200 for count in counts.values())
    assert {entropy.between(3, 4) for _ in range(100)} == {3, 4}


@BOTH
def test_nothing_can_be_drawn_from_nothing(entropy):
    with pytest.raises(ValueError):
        entropy.below(0)
    with pytest.raises(ValueError):
        entropy.choice([])
    with pytest.raises(ValueError):
        entropy.sample([1, 2], 3)


@BOTH
def test_a_sample_has_no_doubles_and_leaves_its_source_alone(entropy):
    source = list(range(50))
    assert len(set(entropy.sample(source, 20))) == 20
    assert sorted(entropy.shuffle(source)) == source == list(range(50))


@BOTH
def test_codes_have_no_characters_that_look_alike(entropy):
    code = entropy.code(500)
    assert len(code) == 500
    assert not set(code) & set("01OILU")
    assert set(code) <= set(CLEAR)


@BOTH
def test_tokens_are_as_long_as_asked_and_differ(entropy):
    tokens = {entropy.token(24) for _ in range(100)}
    assert len(tokens) == 100
    assert {len(token) for token in tokens} == {32}
    assert len(entropy.raw(100)) == 100


def test_a_fork_neither_shifts_nor_repeats_its_source():
    plain, forked = SeededEntropy(1), SeededEntropy(1)
    side = forked.fork("arrivals")
    drawn = [side.below(10**9) for _ in range(5)]
    main = [plain.below(10**9) for _ in range(5)]
    assert [forked.below(10**9) for _ in range(5)] == main
    assert drawn != main

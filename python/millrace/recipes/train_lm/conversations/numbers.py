"""Counting, small sums and comparisons."""

from __future__ import annotations

import random

from .turn import Turn, capital

WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty"
).split()
PLUS = (
    "What is {a} + {b}?|What is {a} plus {b}?|{a} + {b}|{a}+{b}|How much is {a} and {b}?"
    "|Calculate {a} + {b}.|Add {a} and {b}.|{a} + {b} = ?|What's {a}+{b}?|How much is {a} + {b}?"
).split("|")
MINUS = (
    "What is {a} - {b}?|What is {a} minus {b}?|{a} - {b}|{a}-{b}|Calculate {a} - {b}."
    "|Subtract {b} from {a}.|{a} - {b} = ?|How much is {a} minus {b}?|What's {a} - {b}?"
).split("|")
TIMES = (
    "What is {a} times {b}?|What is {a} * {b}?|{a} x {b}|{a} * {b}|Multiply {a} by {b}."
    "|How much is {a} times {b}?|Calculate {a} * {b}.|What is {a} x {b}?"
).split("|")


def add(rng: random.Random) -> Turn:
    """Add two numbers, most of them small."""
    top = rng.choice((10, 10, 10, 20, 20))
    a, b = rng.randint(0, top), rng.randint(0, min(top, 20))
    return Turn(rng.choice(PLUS).format(a=a, b=b), f"{a} + {b} = {a + b}", str(a + b))


def subtract(rng: random.Random) -> Turn:
    """Take a small number from a larger one."""
    a = rng.randint(1, rng.choice((10, 10, 20)))
    b = rng.randint(0, a)
    return Turn(rng.choice(MINUS).format(a=a, b=b), f"{a} - {b} = {a - b}", str(a - b))


def multiply(rng: random.Random) -> Turn:
    """The multiplication table up to ten."""
    a, b = rng.randint(0, 10), rng.randint(0, 10)
    return Turn(rng.choice(TIMES).format(a=a, b=b), f"{a} x {b} = {a * b}", str(a * b))


def worded(rng: random.Random) -> Turn:
    """A sum with the numbers written as words."""
    a, b = rng.randint(0, 10), rng.randint(0, 10)
    question = rng.choice(("What is {} plus {}?", "How much is {} and {}?", "Add {} and {}."))
    answer = f"{capital(WORDS[a])} plus {WORDS[b]} is {WORDS[a + b]}."
    return Turn(question.format(WORDS[a], WORDS[b]), answer, WORDS[a + b])


def story_sum(rng: random.Random) -> Turn:
    """A sum told as a tiny story."""
    thing = rng.choice("apples books pens coins cakes eggs balls stones cards flowers".split())
    name = rng.choice("Tom Anna Ben Lucy Max Emma Sam Mia Paul Nora".split())
    a, b = rng.randint(2, 10), rng.randint(1, 9)
    if rng.random() < 0.5:
        tail, total = f"{name} gets {b} more.", a + b
        work = f"{a} + {b} = {total}"
    else:
        b = min(b, a - 1)
        tail, total = f"{name} gives away {b}.", a - b
        work = f"{a} - {b} = {total}"
    question = f"{name} has {a} {thing}. {tail} How many {thing} does {name} have now?"
    noun = thing[:-1] if total == 1 else thing
    return Turn(question, f"{work}. {name} has {total} {noun}.", str(total))


def count(rng: random.Random) -> Turn:
    """Count upwards or downwards."""
    kind = rng.random()
    start = 1 if rng.random() < 0.6 else rng.randint(0, 30)
    stop = start + rng.randint(2, 12)
    if kind < 0.45:
        start, stop = 1, rng.choice((3, 5, 6, 8, 10, 10, 10, 10, 12, 20))
    numbers = [str(n) for n in range(start, stop + 1)]
    if rng.random() < 0.25:
        ask = rng.choice(("Count down from {b} to {a}.", "Count backwards from {b} to {a}"))
        return Turn(ask.format(a=start, b=stop), ", ".join(reversed(numbers)))
    asks = ["Count from {a} to {b}.", "Count from {a} to {b}", "Can you count from {a} to {b}?"]
    asks += ["List the numbers from {a} to {b}.", "Write the numbers {a} to {b}."]
    if start == 1:
        asks += ["Count to {b}.", "Can you count to {b}?", "Please count to {b}"]
    return Turn(rng.choice(asks).format(a=start, b=stop), ", ".join(numbers))


def compare(rng: random.Random) -> Turn:
    """Say which of two numbers is larger or smaller."""
    a, b = rng.sample(range(0, rng.choice((11, 21, 100))), 2)
    low, high = sorted((a, b))
    if rng.random() < 0.6:
        word = rng.choice(("larger", "bigger", "greater"))
        ask = rng.choice(("Which is {w}, {a} or {b}?", "Which number is {w}: {a} or {b}?"))
        return Turn(ask.format(w=word, a=a, b=b), f"{high} is {word} than {low}.", str(high))
    if rng.random() < 0.5:
        ask = f"Which is smaller, {a} or {b}?"
        return Turn(ask, f"{low} is smaller than {high}.", str(low))
    ask = f"Is {a} larger than {b}?"
    start = "Yes" if a > b else "No"
    return Turn(ask, f"{start}. {high} is larger than {low}.", start.lower())


def neighbour(rng: random.Random) -> Turn:
    """The number before or after another one."""
    n = rng.randint(1, rng.choice((10, 20, 99)))
    if rng.random() < 0.6:
        ask = rng.choice(("What number comes after {}?", "Which number comes after {}?"))
        return Turn(ask.format(n), f"{n + 1} comes after {n}.", str(n + 1))
    return Turn(f"What number comes before {n}?", f"{n - 1} comes before {n}.", str(n - 1))


def parity(rng: random.Random) -> Turn:
    """Even or odd."""
    n = rng.randint(0, rng.choice((10, 20, 99)))
    word = "even" if n % 2 == 0 else "odd"
    ask = rng.choice(("Is {} even or odd?", "Is {} an even or an odd number?", "{}: even or odd?"))
    return Turn(ask.format(n), f"{n} is {word}.", word)


def double(rng: random.Random) -> Turn:
    """Twice or half of a number."""
    n = rng.randint(1, 15)
    if rng.random() < 0.6:
        ask = rng.choice(("What is twice {}?", "Double {}.", "What is the double of {}?"))
        return Turn(ask.format(n), f"Twice {n} is {2 * n}.", str(2 * n))
    ask = rng.choice(("What is half of {}?", "Half of {}?"))
    return Turn(ask.format(2 * n), f"Half of {2 * n} is {n}.", str(n))


def as_word(rng: random.Random) -> Turn:
    """Write a number as a word, or a word as a number."""
    n = rng.randint(0, 20)
    if rng.random() < 0.6:
        ask = rng.choice(("Write {} as a word.", "How do you write the number {} as a word?"))
        return Turn(ask.format(n), capital(WORDS[n]) + ".", WORDS[n])
    return Turn(f"Write {WORDS[n]} as a number.", str(n), str(n))


def sort(rng: random.Random) -> Turn:
    """Put a few numbers in order."""
    numbers = rng.sample(range(0, rng.choice((10, 20, 60))), rng.randint(3, 5))
    row = ", ".join(map(str, numbers))
    if rng.random() < 0.3:
        return Turn(f"Which is the largest number: {row}?", f"{max(numbers)} is the largest.")
    ask = rng.choice(("Sort these numbers: {}", "Put these numbers in order: {}", "Sort {}."))
    return Turn(ask.format(row), ", ".join(map(str, sorted(numbers))))


GENERATORS = (
    (16, add),
    (7, subtract),
    (3, multiply),
    (2, worded),
    (4, story_sum),
    (11, count),
    (4, compare),
    (3, neighbour),
    (2, parity),
    (2, double),
    (2, as_word),
    (3, sort),
)

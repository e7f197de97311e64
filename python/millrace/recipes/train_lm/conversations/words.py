"""Letters, spelling, lists of things, the order of days and months, rewriting."""

from __future__ import annotations

import random
import string

from .turn import Turn, article, capital, joined

LISTS = {
    "animals": "dog cat horse cow lion tiger elephant bear wolf fox rabbit mouse owl whale sheep",
    "farm animals": "cow pig sheep hen horse goat duck goose",
    "pets": "dog cat rabbit goldfish parrot hamster",
    "birds": "robin sparrow eagle owl swan duck crow parrot penguin",
    "insects": "bee ant butterfly fly beetle wasp",
    "fruits": "apple banana pear cherry orange grape peach plum lemon strawberry",
    "vegetables": "carrot potato onion pea cabbage spinach cucumber pumpkin",
    "colours": "red blue green yellow orange purple black white brown pink",
    "colors": "red blue green yellow orange purple black white brown pink",
    "drinks": "water tea coffee milk juice lemonade",
    "tools": "hammer saw drill ladder spade knife",
    "musical instruments": "piano violin guitar flute drum trumpet harp",
    "flowers": "rose tulip daisy lily sunflower violet",
    "trees": "oak pine birch maple willow beech",
    "sports": "football tennis swimming running cycling basketball",
    "countries": "France Germany Italy Spain Japan Brazil Canada Egypt India Kenya",
    "cities": "Paris London Rome Berlin Madrid Tokyo Cairo Vienna Lisbon",
    "planets": "Mercury Venus Earth Mars Jupiter Saturn Uranus Neptune",
    "clothes": "shirt coat hat shoes trousers dress scarf socks",
    "jobs": "teacher doctor baker farmer pilot painter cook nurse",
    "vehicles": "car bus train bicycle ship plane tram",
    "shapes": "circle square triangle rectangle star",
    "rooms": "kitchen bedroom bathroom hall cellar",
    "metals": "gold silver iron copper tin",
    "rivers": "Nile Amazon Rhine Danube Thames Seine",
    "languages": "English French German Spanish Italian Japanese Arabic",
    "school subjects": "mathematics history music art geography",
    "things in a kitchen": "oven fridge table pot pan knife spoon",
    "parts of the body": "head arm leg hand foot nose ear eye",
    "feelings": "joy anger fear love sadness hope",
    "programming languages": "Python JavaScript C Java Rust Go",
}
SINGULAR = {"colours": "colour", "colors": "color", "countries": "country", "cities": "city"}
COUNTS = (("a", 1), ("two", 2), ("three", 3), ("three", 3), ("four", 4), ("five", 5), ("3", 3))
SPELL = (
    "cat dog apple house water garden yellow school friend winter summer music river bread happy "
    "orange banana window flower mother father teacher castle monday silver planet dragon button "
    "letter number kitten rabbit pencil basket cheese coffee tea tree moon star sun fish bird "
    "chair table green blue white black purple London Paris Anna Tom computer model millrace hello "
    "cloud rain snow mountain island bridge street market story book song light night heart world"
).split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = ("January February March April May June July August September October November December").split()
SEASONS = "spring summer autumn winter".split()
PLANETS = LISTS["planets"].split()
RAINBOW = "red orange yellow green blue indigo violet".split()
CYCLES = (("day", DAYS), ("month", MONTHS), ("season", SEASONS), ("letter", list(string.ascii_uppercase)))


def spell(rng: random.Random) -> Turn:
    """Spell a word letter by letter."""
    word = rng.choice(SPELL)
    ask = rng.choice(("How do you spell {}?", "Spell the word {}.", 'Spell "{}".', "Can you spell {}?"))
    return Turn(ask.format(word), "-".join(word.upper()))


def letter(rng: random.Random) -> Turn:
    """The first or last letter of a word, or how many letters it has."""
    word = rng.choice(SPELL)
    kind = rng.choice(("first", "first", "last", "count"))
    if kind == "count":
        ask = rng.choice(("How many letters are in {}?", 'How many letters does "{}" have?'))
        return Turn(ask.format(word), f"{capital(word)} has {len(word)} letters.", str(len(word)))
    found = (word[0] if kind == "first" else word[-1]).upper()
    ask = rng.choice(
        ("What is the {k} letter of {w}?", 'What is the {k} letter of the word "{w}"?')
        + (("What letter does {w} start with?",) if kind == "first" else ("Which letter does {w} end with?",))
    )
    answer = f"The {kind} letter of {word} is {found}."
    return Turn(ask.format(k=kind, w=word), answer, found)


def starts_with(rng: random.Random) -> Turn:
    """A word with a given first letter."""
    word = rng.choice([w for w in SPELL if w[0].islower()])
    ask = rng.choice(
        ("Give me a word that starts with {}.", "Tell me a word that begins with {}.", "A word with {}?")
    )
    return Turn(ask.format(word[0].upper()), capital(word) + ".", word)


def cycle(rng: random.Random) -> Turn:
    """What comes before or after a day, a month, a season or a letter."""
    kind, row = rng.choice(CYCLES)
    i = rng.randrange(len(row) - 1 if kind == "letter" else len(row))
    after = row[(i + 1) % len(row)]
    if rng.random() < 0.65:
        asks = ["What {k} comes after {a}?", "Which {k} comes after {a}?", "What comes after {a}?"]
        if kind == "day":
            asks += ["If today is {a}, what day is tomorrow?", "What is the day after {a}?"]
        return Turn(
            rng.choice(asks).format(k=kind, a=row[i]), f"{capital(after)} comes after {row[i]}.", after
        )
    asks = ["What {k} comes before {b}?", "Which {k} comes before {b}?", "What comes before {b}?"]
    question = rng.choice(asks).format(k=kind, b=after)
    return Turn(question, f"{capital(row[i])} comes before {after}.", row[i])


def whole_row(rng: random.Random) -> Turn:
    """List all days, months, seasons, planets, colours of the rainbow or letters."""
    name, row = rng.choice(
        (
            ("days of the week", DAYS),
            ("months of the year", MONTHS),
            ("seasons", SEASONS),
            ("planets", PLANETS),
            ("colours of the rainbow", RAINBOW),
            ("letters of the alphabet", list(string.ascii_uppercase)),
            ("vowels", list("AEIOU")),
        )
    )
    asks = ("What are the {}?", "List the {}.", "Name the {}.", "Tell me the {}.", "Name all {}.")
    if name.startswith("letters"):
        asks += ("Say the alphabet.", "What is the alphabet?", "Recite the alphabet.")
    answer = " ".join(row) if name.startswith("letters") else capital(", ".join(row)) + "."
    return Turn(rng.choice(asks).format(name), answer)


def name_some(rng: random.Random) -> Turn:
    """Name one to five things of a kind."""
    kind = "animals" if rng.random() < 0.15 else rng.choice(list(LISTS))
    word, n = rng.choice(COUNTS)
    known = LISTS[kind].split()
    # Often the first ones, always in the same order: so the likeliest answer repeats nothing.
    picked = known[:n] if rng.random() < 0.4 else sorted(rng.sample(known, n), key=known.index)
    noun = SINGULAR.get(kind, kind[:-1]) if n == 1 and " " not in kind else kind
    if word == "a":
        word = article(noun).split()[0] if noun != kind else "some"
    asks = ["Name {n} {k}.", "Give me {n} {k}.", "Tell me {n} {k}.", "Can you name {n} {k}?"]
    asks += ["List {n} {k}.", "I need {n} {k}."]
    question = rng.choice(asks).format(n=word, k=noun)
    style = rng.random()
    if n > 1 and style < 0.12:
        return Turn(question + " Use a list.", "\n".join(f"- {w}" for w in picked))
    if n > 1 and style < 0.24:
        rows = "\n".join(f"{i}. {capital(w)}" for i, w in enumerate(picked, 1))
        return Turn("Make a numbered list of " + f"{word} {kind}.", rows)
    return Turn(question, capital(joined(picked)) + ".")


def category(rng: random.Random) -> Turn:
    """Is it an animal, a fruit, a colour ...; or which word does not belong."""
    names = ["animals", "fruits", "vegetables", "colours", "vehicles", "flowers", "sports", "drinks"]
    kind = rng.choice(names)
    other = rng.choice([n for n in names if n != kind])
    if rng.random() < 0.5:
        word = rng.choice(LISTS[kind].split())
        ask = f"Is {word} one of the {kind} or one of the {other}?"
        if rng.random() < 0.5:
            ask = f"Does {word} belong to the {other} or to the {kind}?"
        return Turn(ask, f"{capital(word)} belongs to the {kind}.", kind)
    odd = rng.choice(LISTS[other].split())
    row = [*rng.sample(LISTS[kind].split(), 3), odd]
    rng.shuffle(row)
    ask = rng.choice(("Which word does not belong: {}?", "Which one is different: {}?"))
    answer = f"{capital(odd)} does not belong. The others are {kind}."
    return Turn(ask.format(", ".join(row)), answer, odd)


def rewrite(rng: random.Random) -> Turn:
    """Change the case of a text, repeat it, or put words in alphabetical order."""
    words = rng.sample(SPELL, rng.randint(2, 4))
    text = " ".join(words)
    kind = rng.randrange(5)
    if kind == 0:
        ask = rng.choice(("Write in capital letters: {}", "Make this upper case: {}", "Uppercase: {}"))
        return Turn(ask.format(text), text.upper())
    if kind == 1:
        ask = rng.choice(("Write in small letters: {}", "Make this lower case: {}"))
        return Turn(ask.format(text.upper()), text.lower())
    if kind == 2:
        ask = rng.choice(("Repeat: {}", "Say: {}", "Repeat after me: {}", "Please say {}"))
        return Turn(ask.format(text), text)
    if kind == 3:
        ask = rng.choice(("Sort these words: {}", "Put these words in alphabetical order: {}"))
        return Turn(ask.format(", ".join(words)), ", ".join(sorted(words, key=str.lower)))
    ask = rng.choice(("Make a list of these words: {}", "Write as a list: {}"))
    return Turn(ask.format(", ".join(words)), "\n".join(f"- {w}" for w in words))


def use_word(rng: random.Random) -> Turn:
    """A sentence with a given word."""
    noun = rng.choice("cat dog house river book tree bird garden letter train friend cake".split())
    place = rng.choice(("in the garden", "near the river", "on the table", "behind the house"))
    adjective = rng.choice("small old beautiful big quiet strange little lovely".split())
    ask = rng.choice(
        ("Write a sentence with the word {}.", 'Use "{}" in a sentence.', "Make a sentence with {}.")
    )
    forms = (
        f"Yesterday I saw {article(adjective)} {noun} {place}.",
        f"There is {article(adjective)} {noun} {place}.",
        f"The {noun} {place} is very {adjective}.",
    )
    return Turn(ask.format(noun), rng.choice(forms))


GENERATORS = (
    (4, spell),
    (5, letter),
    (2, starts_with),
    (5, cycle),
    (4, whole_row),
    (8, name_some),
    (3, category),
    (6, rewrite),
    (2, use_word),
)

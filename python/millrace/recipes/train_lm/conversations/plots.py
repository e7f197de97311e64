"""Plots for the story grammar: steps in order, each step with several wordings."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Plot:
    """Steps of a story; `choices` are words drawn once, `ending` replaces the common endings."""

    steps: tuple[tuple[str, ...], ...]
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ending: tuple[str, ...] = ()


LOST = Plot(
    (
        (
            "One day {sub} lost {pos} {thing}.",
            "One morning {pos} {thing} was gone.",
            "Then, one day, {sub} could not find {pos} {thing}.",
        ),
        ("{Sub} looked {where}, but it was not there.", "{Sub} searched {where}, but {sub} found nothing."),
        ("{name} was very sad and began to cry.", "{name} sat down and did not know what to do."),
        (
            'Then {a2} came by and asked, "Why are you so sad?"',
            'Then {pos} friend {friend} came and said, "Let me help you."',
        ),
        ("Together they looked {where2}.", '"Let us look {where2}," said {name}.'),
        ("And there it was! The {thing} lay in the {spot}.", "At last they found the {thing} in the {spot}."),
        ('"Thank you," said {name}. "You are a true friend."', "{name} laughed and hugged {pos} friend."),
    ),
    {
        "thing": (
            "red hat",
            "golden key",
            "favourite book",
            "little bell",
            "blue ball",
            "old map",
            "silver ring",
            "warm scarf",
        ),
        "where": ("under the bed", "in the kitchen", "in the garden", "behind the door", "in every room"),
        "where2": (
            "in the forest",
            "near the river",
            "behind the barn",
            "along the road",
            "under the old tree",
        ),
        "spot": ("tall grass", "snow", "sand", "bushes", "old boat", "nest of a bird"),
        "a2": (
            "a small bird",
            "an old woman",
            "a friendly dog",
            "a wise owl",
            "a tall man",
            "a little mouse",
        ),
    },
)
QUEST = Plot(
    (
        (
            "{name} had one great wish: {sub} wanted to see {goal}.",
            "More than anything, {sub} wanted to find {goal}.",
        ),
        ("So one morning {sub} packed {food} and set out.", "One day {sub} took {food} and began to walk."),
        (
            "The way was long, and {sub} walked for {time}.",
            "{Sub} walked through forests and over hills for {time}.",
        ),
        ("On the way {sub} met {pal2} that was {state}.", "Under a tree sat {pal2} that was {state}."),
        (
            '{name} shared {pos} food and said, "Come with me."',
            '"Do not worry," said {name}. "I will help you."',
        ),
        (
            "At last they came to the top of a hill, and there was {goal}.",
            "In the evening they saw {goal} in front of them.",
        ),
        ("It was more beautiful than {name} had ever dreamed.", '"It was worth every step," said {name}.'),
    ),
    {
        "goal": (
            "the sea",
            "the golden mountain",
            "the old castle",
            "the end of the rainbow",
            "the city of lights",
            "the hidden lake",
        ),
        "food": (
            "some bread and cheese",
            "an apple and a cake",
            "a bag full of nuts",
            "a bottle of water and bread",
        ),
        "time": ("three days", "a whole day", "seven days", "many hours", "two nights"),
        "pal2": ("a fox", "a small dog", "an old horse", "a bird", "a rabbit", "a donkey"),
        "state": ("hungry and cold", "tired and lost", "sad and alone", "very thirsty"),
    },
)
STORM = Plot(
    (
        (
            "One night there was a terrible storm.",
            "One evening the sky turned black and the wind began to blow.",
        ),
        ("The wind tore {damage}.", "In the morning {name} saw that the wind had torn {damage}."),
        ('"What shall I do?" asked {name}.', "{name} was afraid, but {sub} did not give up."),
        ("First {sub} asked {helper} for help.", "{Sub} ran to {helper} and knocked at the door."),
        ("They worked all day with hammers and ropes.", "Together they worked from morning until night."),
        (
            "When the sun went down, everything was whole again.",
            "In the evening the work was done, and they drank tea together.",
        ),
        (
            '"Alone I am weak, but together we are strong," said {name}.',
            '"Thank you," said {name}, and gave everybody a piece of cake.',
        ),
    ),
    {
        "damage": (
            "the roof from the house",
            "the door from the barn",
            "the old bridge from the river",
            "the sail from the boat",
        ),
        "helper": ("the neighbours", "the baker", "{friend}", "the old farmer", "the people of the village"),
    },
)
SEED = Plot(
    (
        ("One day {sub} found a small seed {where}.", "One day a bird dropped a small seed at {pos} feet."),
        (
            "{name} put it into the earth and gave it water every day.",
            "{Sub} planted it behind the house and waited.",
        ),
        ("For a long time nothing happened.", "Day after day there was nothing to see."),
        (
            '"It will never grow," said {friend}. But {name} was patient.',
            "Everybody laughed, but {name} did not stop.",
        ),
        (
            "Then, one morning in spring, there was a tiny green leaf.",
            "After the winter, a green leaf looked out of the snow.",
        ),
        ("It grew and grew until it was {grown}.", "In the summer it had become {grown}."),
        (
            "Now {name} sat in its shade and told stories to the children.",
            "All the people came to see it, and {name} was proud.",
        ),
    ),
    {
        "where": ("on the road", "in an old box", "under a stone", "in {pos} pocket"),
        "grown": (
            "a tall apple tree",
            "the biggest sunflower in the land",
            "a tree full of red cherries",
            "a rose with a hundred flowers",
        ),
    },
    ('And {name} said, "Good things need time."',),
)
AFRAID = Plot(
    (
        ("But {name} was afraid of {fear}.", "There was only one thing {sub} did not like: {fear}."),
        (
            'One day {friend} called from far away, "Help! {trouble}!"',
            'One evening {sub} heard a voice: "Help! {trouble}!"',
        ),
        ("{name} looked left and right, but nobody else was there.", "There was nobody else who could help."),
        (
            "{Pos} heart beat fast, but {sub} took a deep breath and ran.",
            '"I must be brave," {sub} thought, and {sub} went.',
        ),
        ("With {tool}, {sub} pulled {friend} to a safe place.", "{Sub} took {tool} and saved {friend}."),
        ('"You are the bravest {noun} I know," said {friend}.', '"How brave you are!" said {friend}.'),
        (
            '"I was afraid," said {name}, "but you needed me."',
            "{name} smiled. {Sub} was not afraid any more.",
        ),
    ),
    {
        "fear": ("the dark", "deep water", "thunder", "high places", "the forest at night"),
        "trouble": (
            "I fell into the well",
            "I am stuck in the mud",
            "I cannot get down from the tree",
            "the ice is breaking",
        ),
        "tool": ("a long rope", "a strong branch", "an old ladder", "both hands"),
    },
)
MAGIC = Plot(
    (
        ("One day {sub} found {thing} {where}.", "In the attic {sub} found {thing}."),
        (
            'When {sub} touched it, a voice said, "I will give you one wish."',
            'It began to shine and said, "Make a wish!"',
        ),
        ("{name} thought about gold, and about cake, and about a palace.", "{name} thought for a long time."),
        ("Then {sub} thought of {pos} {kin}, who was {state}.", "But {pos} {kin} was {state}."),
        ('"I wish that my {kin} is well and happy," said {name}.', '"Please help my {kin}," {sub} said.'),
        (
            "There was a flash of light, and the wish came true.",
            "The light grew warm and bright, and then it was gone.",
        ),
        (
            "When {name} came home, {pos} {kin} stood at the door and laughed.",
            "{Pos} {kin} got up and danced through the room.",
        ),
    ),
    {
        "thing": (
            "an old lamp",
            "a shining stone",
            "a silver bell",
            "a golden feather",
            "a strange little box",
        ),
        "where": ("on the beach", "in the forest", "under a tree", "at the bottom of the well"),
        "kin": ("grandmother", "mother", "father", "brother", "sister", "grandfather"),
        "state": ("ill in bed", "very sad", "tired and weak", "sick since the winter"),
    },
)
SHARE = Plot(
    (
        (
            "{name} had {thing}, and {sub} did not want to share {it}.",
            "{name} was proud of {thing} and kept {it} all for {self2}.",
        ),
        (
            'One day {friend} asked, "May I have some?" But {name} said no.',
            '"Please give me a little," said {friend}. "No," said {name}.',
        ),
        (
            "Soon nobody came to play, and {name} was alone.",
            "After that, {sub} sat alone every day, and it was very quiet.",
        ),
        (
            '"What good is all this when I am alone?" {sub} thought.',
            "{name} looked out of the window and felt sad.",
        ),
        (
            'So {sub} went to {friend} and said, "I am sorry. Let us share."',
            "The next day {sub} invited everybody and gave each of them a part.",
        ),
        (
            "{friend} smiled, and they had a wonderful afternoon.",
            "They sang and laughed until the moon came up.",
        ),
    ),
    {
        "thing": (
            "a basket full of apples",
            "the biggest cake in the village",
            "a box of golden honey",
            "a garden full of strawberries",
        ),
        "it": ("it",),
        "self2": ("alone",),
    },
    ("And {name} learned that joy grows when you share it.",),
)
NIGHT = Plot(
    (
        ("One night {name} could not sleep.", "It was late, but {name} was not tired."),
        (
            "{Sub} looked out of the window and saw {sight}.",
            "{Sub} went outside and looked up. There was {sight}.",
        ),
        (
            '"Good evening," said the {speaker}. "Why are you awake?"',
            'Then the {speaker} began to speak: "You should be in bed, {name}."',
        ),
        ('"I am thinking of {worry}," said {name}.', '"I cannot stop thinking of {worry}," {sub} answered.'),
        (
            '"Tomorrow is another day," said the {speaker}. "I will watch over you."',
            "The {speaker} sang a soft song about the sea and the stars.",
        ),
        ("{name} went back to bed and closed {pos} eyes.", "Slowly {pos} eyes became heavy."),
        (
            "In the morning the sun was shining, and all was well.",
            "When {sub} woke up, the birds were singing.",
        ),
    ),
    {
        "sight": (
            "the full moon over the trees",
            "a thousand stars",
            "a bright star above the roof",
            "an owl on a branch",
        ),
        "speaker": ("moon", "star", "owl", "wind"),
        "worry": ("school", "a long journey", "the winter", "a friend who is far away", "tomorrow"),
    },
)
MACHINE = Plot(
    (
        ("{name} wanted to build {machine}.", "One day {sub} had an idea: {sub} would build {machine}."),
        ("{Sub} collected {parts} and worked every evening.", "{Sub} took {parts} and began to work."),
        ("The first time, it broke at once.", "But at first it did not work at all."),
        ("The second time, it only made a loud noise.", "{Sub} tried again, and it fell into pieces."),
        (
            '"Give up," said {friend}. But {name} tried once more.',
            '"Never mind," said {friend}. "Try it again!"',
        ),
        ("The third time, it worked!", "At last it moved, and everybody cheered."),
        (
            '"Now you know," said {name}. "One must not give up too early."',
            "{name} and {friend} danced around it for joy.",
        ),
    ),
    {
        "machine": (
            "a flying boat",
            "a little robot",
            "a clock that sings",
            "a windmill",
            "a machine that picks apples",
        ),
        "parts": (
            "wood, wheels and string",
            "old pots and wire",
            "a wheel, a bell and four nails",
            "boxes and rope",
        ),
    },
)
RIVER = Plot(
    (
        (
            "Every day {sub} went to the river to {task}.",
            "In the mornings {sub} liked to {task} at the river.",
        ),
        ('One morning {sub} heard a small voice: "Please help me!"', "One day something moved in the grass."),
        ("It was {animal} with {harm}.", "There lay {animal} with {harm}."),
        (
            "{name} took it home and gave it food and water.",
            "Carefully {sub} carried it home and made a warm bed for it.",
        ),
        (
            "After {time} it was strong again, and {name} set it free.",
            "When {time} had passed, it could go back to the river.",
        ),
        ("In the winter {name} lost {pos} way in the snow.", "Months later {name} fell into the cold water."),
        (
            "Then {animal2} came and showed {obj} the way home.",
            "But {animal2} was there and helped {obj} out.",
        ),
        ('"You helped me, and now I help you," it said.', "A good deed is never lost."),
    ),
    {
        "task": ("fetch water", "catch fish", "wash clothes", "sit and sing"),
        "animal": ("a small bird", "a young otter", "a little fox", "a young deer"),
        "animal2": ("the same animal", "the old friend from the river"),
        "harm": ("a broken leg", "a hurt foot", "a thorn in its foot"),
        "time": ("two weeks", "a month", "ten days"),
    },
)
PLOTS = (LOST, QUEST, STORM, SEED, AFRAID, MAGIC, SHARE, NIGHT, MACHINE, RIVER)

"""Plain data of the Open Clip Art source: which folders and words mean which category, and what is not worth keeping."""

from __future__ import annotations

BARE_FOLDERS: tuple[str, ...] = (
    "buttons/", "computer/buttons/", "computer/icons/", "logos/", "shapes/", "special/",
    "recreation/games/cards/cardbacks/", "signs_and_symbols/led/", "signs_and_symbols/flags/semaphore/",
    "unsorted/duplicates/", "signs_and_symbols/flags/europe/france/",
)  # fmt: skip
"""Folders of icon themes, bare shapes, patterns and the flags of one country's regions."""

UNFIT_WORDS: frozenset[str] = frozenset(
    ["stripper", "nude", "naked", "sexy", "pantyhose", "swastika", "nazi", "kkk", "marijuana", "cannabis", "penis"]
)
"""A title or path with one of these is left out."""

SERIES: frozenset[str] = frozenset(
    (
        "advertising", "aiga_symbol_signs", "australian maps", "balloons-aj", "blueberry - iconset", "card", "chess pieces",
        "diner menu collection", "etiquette icons", "homes clipart", "lemon svg theme", "map symbols", "people",
        "r16 sibmission", "road signs", "sallite", "svg road signs", "various cliparts", "unnamed", "untitled", "new",
        "architetto francesco rollandin", "c rollandin francesco", "mirjam meijer", "clipart", "hash", "image", "drawing",
    )
)  # fmt: skip
"""Titles, in lower case, that name a collection or an author instead of the thing."""

WORDS_OF_NO_MEANING: frozenset[str] = frozenset(
    [
        "bw",
        "bn",
        "md",
        "v",
        "aj",
        "sm",
        "cl",
        "clipart",
        "svg",
        "final",
        "copy",
        "new",
        "base",
        "ganson",
        "r",
        "rpg",
        "element",
        "elements",
        "elem",
    ]
)
"""Words of file names that say nothing about the thing."""

NOT_KEYWORDS: frozenset[str] = frozenset(
    [
        "hash",
        "unsorted",
        "mapsym",
        "sign",
        "recreation",
        "transportation",
        "clipart",
        "clip",
        "art",
        "svg",
        "rollandin",
        "special",
        "image",
    ]
)
"""Keywords that the library gives to everything of a folder, or to anything."""

FIRM_FOLDERS: dict[str, str] = {
    "animals": "animals",
    "animals/birds": "birds",
    "food": "food",
    "plants": "plants",
    "recreation/games": "games",
    "recreation/games/cards": "games",
    "signs_and_symbols/flags": "flags",
    "transportation/aiga-symbols": "symbols",
    "transportation/roadsigns": "symbols",
    "tools/weapons": "weapons",
    "transportation/boating": "boats",
    "people/clothing": "clothing",
    "people/smilies": "people",
    "recreation/music": "instruments",
    "signs_and_symbols/weather": "nature",
    "computer/hardware": "electronics",
}
"""Folder -> category, whatever the title says; the deepest wins."""

CATEGORY_BY_FOLDER: dict[str, str] = {
    "buildings": "places",
    "buildings/furniture": "household",
    "computer": "electronics",
    "computer/games": "games",
    "containers": "household",
    "decorations": "symbols",
    "education": "office",
    "electronics": "electronics",
    "geography": "flags",
    "geography/astronomy": "planets",
    "office": "office",
    "people": "people",
    "recreation/holiday": "holidays",
    "recreation/party": "holidays",
    "recreation/religion": "symbols",
    "recreation/sports": "sports",
    "recreation/toys": "games",
    "recreation": "sports",
    "science": "science",
    "science/astronomy": "planets",
    "signs_and_symbols": "symbols",
    "signs_and_symbols/clocks": "household",
    "signs_and_symbols/map_symbols": "symbols",
    "tools": "tools",
    "transportation": "vehicles",
}
"""Folder -> category where the title says nothing; the deepest wins."""

_WORDS: dict[str, str] = {
    "animals": """
        alligator animal ant antelope ape armadillo badger bat bear beaver bee beetle bison buffalo bug bull
        bunny butterfly calf camel cat caterpillar cheetah chimp chipmunk cockroach cow crab crawfish crayfish
        cricket crocodile deer dinosaur dog dolphin donkey dragon dragonfly dromedary elephant elk fish flea fly
        fox frog gecko giraffe gnat gnu goat gorilla grasshopper hamster hare hedgehog hippo hornet horse ibex
        insect jaguar jellyfish kangaroo kitten koala ladybird ladybug lamb lemur leopard lion lizard lobster
        mammal mantis mole monkey moose mosquito moth mouse mule octopus orca otter ox panda panther paw pig
        piglet pony puppy rabbit raccoon ram rat reindeer rex rhino rhinoceros salmon scorpion seahorse seal
        shark sheep shrimp skunk slug snail snake spider squid squirrel starfish tick tiger toad tortoise
        triceratops trout turtle unicorn walrus wasp whale wolf worm zebra
    """,
    "birds": """
        bird cardinal chick chicken cock condor cormorant crow dove duck duckling eagle falcon finch flamingo
        goose gull hawk hen heron hummingbird kiwi ostrich owl parrot peacock pelican penguin pigeon raven robin
        rooster seagull sparrow stork swallow swan toucan turkey tux vulture woodpecker
    """,
    "tools": """
        anvil axle bolt broom bucket caliper chain chainsaw chisel clamp cog cogwheel compass crane drill engine
        flashlight gauge gear hacksaw hammer hoe hook key knife ladder lantern level lock machine magnet mop
        nail padlock paintbrush pickaxe pliers plunger pulley pump rake rope saw scale screw screwdriver shovel
        sickle spade spanner thermometer tool toolbox torch vise wheelbarrow wrench
    """,
    "plants": """
        acorn bamboo leaves blossom bouquet bush cactus clover daffodil daisy evergreen fern flower grass hibiscus iris
        ivy leaf lily mushroom oak orchid palm petal pine pinecone plant poppy rose sakura sapling seedling
        shamrock shrub sunflower toadstool tree tulip wheat
    """,
    "food": """
        apple avocado bacon bagel banana bean beer beverage biscuit blueberry bread breakfast broccoli burger
        butter cabbage cake candies candy carrot cereal champagne champignon cheese cherries cherry chocolate
        chop cocktail coconut coffee cognac cola cookie corn cracker croissant cucumber cupcake dessert dinner
        donut doughnut drink drumstick egg eggplant food fries fruit garlic gelato grape gumnut ham hamburger
        honey hotdog hotdogs icecream jam juice ketchup kiwifruit lemon lemonade lettuce lime loaf lollipop
        lunch mango martini meal meat melon milk milkshake muffin mustard nachos noodle nut onion orange pancake
        parfait pasta pea peach peanut pear pepper pie pineapple pizza platter plum pomegranate popcorn popsicle
        potato potatoe pretzel pudding pumpkin radish raspberry rice salad salt sandwich sauce sausage soda soup
        spaghetti steak strawberries strawberry sundae sushi taco tea toast tomato vegetable waffle watermelon
        whiskey wine yogurt
    """,
    "people": """
        angel architect arm astronaut baby beard boy brain bride businessman businesswoman carpenter chef child
        children clown cook couple cowboy dancer detective doctor ear einstein eye face fairy family farmer
        father feet finger fireman foot footprint gardener gentleman girl grandfather grandmother groom hair
        hand handshake head human indian judge kid king kiss knight lady leg lincoln lip man mermaid monk mother
        mouth ninja nose nurse painter people person pirate player policeman portrait prince princess queen
        runner sailor samurai skeleton skull smiley soldier stickman student teacher teeth thief tooth user
        vampire waiter washington wizard woman worker zombie
    """,
    "symbols": """
        ankh arrow award badge biohazard border bow bullethole button check circle coin crescent crest crucifix
        currency danger decoration dollar emblem euro exclamation fleur flourish frame hazard heart icon logo
        menorah money number ornament pattern peace pentacle question radioactive rating recycle recycling
        ribbon sign smile square star swastika swirl symbol tattoo triangle warning yin zodiac
    """,
    "holidays": """
        birthday candycane celebration christmas confetti easter festive firework ghost gift halloween hanukkah
        holiday holly jackolantern mistletoe party present santa snowman stocking thanksgiving valentine witch
        wreath xmas
    """,
    "clothing": """
        apron bag belt bikini boot bowtie bra cap clothes clothing coat crown dress eyeglasses fedora footwear
        glasses glove handbag hanger hat helmet jacket jeans mask mitten necklace pants purse ring sandal scarf
        shirt shoe skirt slipper sneaker sock spectacles suit sunglasses sweater tie tophat trouser tshirt
        umbrella vest wallet watch wristwatch
    """,
    "vehicles": """
        ambulance automobile bicycle bicyclist bike bulldozer bus caboose car carriage cart convertible
        excavator forklift hearse hotrod hummer jeep limousine locomotive lorry motorbike motorcycle pickup
        railway scooter sedan skateboard sled sledge sportcar subway suv tank taxi tire tractor train tram
        tricycle trolley truck unicycle van vehicle wagon wheel
    """,
    "aircraft": """
        aeroplane aircraft airliner airplane airship biplane blimp bomber glider helicopter jet parachute plane
        zeppelin
    """,
    "boats": """
        anchor boat boating buoy canoe ferry galleon kayak knot oar paddle raft sail sailboat ship submarine
        tugboat yacht
    """,
    "places": """
        arch barn beach bridge building cabin campsite capital castle cathedral cave chalet church city column
        cottage desert door factory farm fence fountain gate grave graveyard hill home hospital hotel house hut
        igloo island landscape lighthouse mailbox monument mosque mountain palace park pyramid road ruin shop
        skyline skyscraper stadium stairs statue store street temple tent tombstone tower town villa village
        volcano warehouse waterfall windmill window
    """,
    "spacecraft": """
        rocket satellite shuttle spacecraft spaceship ufo
    """,
    "planets": """
        asteroid astronomy comet constellation earth eclipse galaxy globe jupiter mars mercury moon nebula
        neptune planet saturn solar sun venus
    """,
    "office": """
        abacus binder blackboard book bookmark brush calendar certificate chalkboard chart clip clipboard crayon
        diagram diary diploma document easel education envelope eraser file folder glue graph histogram ink
        inkwell letter magazine mail marker megaphone memo newspaper note notebook office palette paper
        paperclip pen pencil pin presentation pushpin quill ruler school scissors sharpener stamp stapler tack
        tape typewriter whiteboard
    """,
    "flags": """
        atlas banner continent country ensign flag map
    """,
    "weapons": """
        ak47 armor armour arrowhead axe bomb bullet cannon crossbow dagger dynamite explosive grenade gun mace
        missile musket pistol revolver rifle shield shotgun spear sword weapon
    """,
    "household": """
        alarm armchair ashtray barbecue barrel basket bath bathtub bed bench bin blender bookcase bottle bowl
        box briefcase bulb candle carpet chair chimney cigarette clock coffeepot comb corkscrew couch cradle
        crate crib cup cupboard curtain cutlery desk dish drawer fan fireplace fork fridge furniture glass
        goblet grill hammock heater hourglass iron jar kettle lamp light lightbulb lighter luggage matches
        microwave mirror mug napkin oven pacifier pan pillow pipe pitcher plate pot razor refrigerator shelf
        shower sink skillet soap sofa spatula sponge spoon stool stove suitcase table teacup teapot thermos
        toaster toilet toothbrush towel trashcan tray utensil vacuum vase washing wastebasket whisk
    """,
    "electronics": """
        amplifier antenna battery cable calculator camcorder camera capacitor cassette cd cellphone chip circuit
        computer connector console cpu diode disk dvd floppy gamepad handheld hardware headphone headset ipod
        joystick keyboard laptop led microphone mobile modem monitor motherboard network pc pda phone plug
        printer projector radio remote resistor robot router scanner screen server socket speaker stereo
        telephone television terminal transistor turntable tv usb video walkman webcam workstation
    """,
    "instruments": """
        accordion bagpipe banjo bass bassoon bell bongo cello clarinet cymbal drum flute gong guitar harmonica
        harp horn instrument keyboardist lute mandolin maracas oboe organ piano recorder sax saxophone sitar
        tambour tambourine trombone trumpet tuba ukulele violin xylophone
    """,
    "nature": """
        bonfire campfire cloud drop explosion fire flame fog hurricane ice icicle lightning rain rainbow
        raindrop ripple sky smoke snow snowflake storm sunrise sunset thunder thunderstorm tornado water wave
        weather wind
    """,
    "games": """
        ace balloon balloons bishop blocks card checkers chess dice doll domino game jigsaw kite lego marble
        pawn poker puzzle rook spinner teddy tetris toy yoyo
    """,
    "sports": """
        aerobics archery asana athlete backpack badminton ball barbell baseball basketball billiard bowling
        boxing camping cyclist dart dartboard deadlift diver dumbbell fishing fitness football golf gymnast
        gymnastic hiking hockey juggler juggling karate medal pool race racing racket racquet rugby skate skater
        skates ski skiing snowboard soccer sport surf surfing swimmer swimming tennis trekking trophy volleyball
        weightlifting wrestling yoga
    """,
    "science": """
        anatomy atom bacteria bandage beaker biology blood bone caduceus cell chemical chemistry crutch dna
        enzyme experiment flask fossil geology lab laboratory magnetism medical medicine microscope molecule
        pharmacy physics pill prism protein science stethoscope syringe telescope tube virus wheelchair xray
    """,
}

CATEGORY_BY_WORD: dict[str, str] = {word: category for category, words in _WORDS.items() for word in words.split()}
"""Word of a title or keyword, in the singular -> category."""

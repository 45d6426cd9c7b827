"""Single nouns that the catalogue holds, in every language that can be read; each list in the order of the English one."""

NOUNS: dict[str, tuple[str, ...]] = {
    "en": ("dog", "cat", "bird", "violin", "drum", "mountain", "ship", "apple", "horse", "flower", "tree", "car", "church", "moon", "sun"),
    "ar": ("كلب", "قطة", "طائر", "كمان", "طبل", "جبل", "سفينة", "تفاحة", "حصان", "زهرة", "شجرة", "سيارة", "كنيسة", "قمر", "شمس"),
    "de": ("Hund", "Katze", "Vogel", "Geige", "Trommel", "Berg", "Schiff", "Apfel", "Pferd", "Blume", "Baum", "Auto", "Kirche", "Mond", "Sonne"),
    "es": ("perro", "gato", "pájaro", "violín", "tambor", "montaña", "barco", "manzana", "caballo", "flor", "árbol", "coche", "iglesia", "luna", "sol"),
    "fr": ("chien", "chat", "oiseau", "violon", "tambour", "montagne", "bateau", "pomme", "cheval", "fleur", "arbre", "voiture", "église", "lune", "soleil"),
    "it": ("cane", "gatto", "uccello", "violino", "tamburo", "montagna", "nave", "mela", "cavallo", "fiore", "albero", "macchina", "chiesa", "luna", "sole"),
    "ja": ("犬", "猫", "鳥", "バイオリン", "太鼓", "山", "船", "りんご", "馬", "花", "木", "車", "教会", "月", "太陽"),
    "ko": ("개", "고양이", "새", "바이올린", "드럼", "산", "배", "사과", "말", "꽃", "나무", "자동차", "교회", "달", "태양"),
    "nl": ("hond", "kat", "vogel", "viool", "trommel", "berg", "schip", "appel", "paard", "bloem", "boom", "auto", "kerk", "maan", "zon"),
    "pl": ("pies", "kot", "ptak", "skrzypce", "bęben", "góra", "statek", "jabłko", "koń", "kwiat", "drzewo", "samochód", "kościół", "księżyc", "słońce"),
    "pt": ("cachorro", "gato", "pássaro", "violino", "tambor", "montanha", "navio", "maçã", "cavalo", "flor", "árvore", "carro", "igreja", "lua", "sol"),
    "ru": ("собака", "кошка", "птица", "скрипка", "барабан", "гора", "корабль", "яблоко", "лошадь", "цветок", "дерево", "машина", "церковь", "луна", "солнце"),
    "th": ("สุนัข", "แมว", "นก", "ไวโอลิน", "กลอง", "ภูเขา", "เรือ", "แอปเปิ้ล", "ม้า", "ดอกไม้", "ต้นไม้", "รถยนต์", "โบสถ์", "ดวงจันทร์", "ดวงอาทิตย์"),
    "tr": ("köpek", "kedi", "kuş", "keman", "davul", "dağ", "gemi", "elma", "at", "çiçek", "ağaç", "araba", "kilise", "ay", "güneş"),
    "zh": ("狗", "猫", "鸟", "小提琴", "鼓", "山", "船", "苹果", "马", "花", "树", "汽车", "教堂", "月亮", "太阳"),
}  # fmt: skip

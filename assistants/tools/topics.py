"""Topics: what a caller wants to know of the clinic, by whole words of the languages callers speak.

Accents and case do not count. A clear word names its topic in any sentence; a vague one (“where”,
“who”) only where no clear word stands beside it: “where can I park” is about parking alone.
"""

import re
from enum import StrEnum

from assistants.tools import catalogue


class Topic(StrEnum):
    # What the clinic's own rows answer.
    HOURS = "hours"
    ADDRESS = "address"
    SERVICES = "services"
    PRACTITIONERS = "practitioners"
    # What other tools answer.
    FREE_TIMES = "free times"
    OWN_VISIT = "own visit"
    # What staff may have written notes on.
    PARKING = "parking"
    TRANSPORT = "transport"
    INSURANCE = "insurance"
    PRICES = "prices"
    PAYMENT = "payment"
    REMINDERS = "reminders"
    LANGUAGES = "languages"
    ACCESS = "access"
    BRING = "what to bring"
    CHILDREN = "children"
    NEW_PATIENTS = "new patients"
    CONTACT = "contact"
    CANCELLING = "cancelling"
    ANIMALS = "animals"
    RECORDS = "records"
    PRESCRIPTIONS = "prescriptions"
    WALK_INS = "walk-ins"


FROM_ROWS = (Topic.HOURS, Topic.ADDRESS, Topic.SERVICES, Topic.PRACTITIONERS)
ELSEWHERE = (Topic.FREE_TIMES, Topic.OWN_VISIT)

# Folded as `catalogue.fold` folds them; a semicolon ends a phrase of several words.
CLEAR = {
    Topic.HOURS: "hours; open; opens; opening; close; closes; closing; closed; horario; horarios;"
    " abierto; abierta; abiertos; abren; abre; cierran; cierra; cerrado; cerrados; horaires;"
    " heures; ouvert; ouverte; ouverts; ouvrez; ouverture; ferme; fermez; fermeture;"
    " offnungszeiten; oeffnungszeiten; sprechzeiten; sprechstunde; sprechstunden; geoffnet;"
    " geoeffnet; offen; offnet; oeffnet; geschlossen; schliesst; schliessen; aberto; aberta;"
    " abrem; fecha; fecham; fechado; funcionamento; funcionam",
    Topic.ADDRESS: "address; located; location; locations; directions; street; postcode; zip code;"
    " find you; get there; reach you by; direccion; ubicacion; ubicados; ubicada; calle; como"
    " llego; como llegar; adresse; anschrift; strasse; wegbeschreibung; rue; situe; situes;"
    " endereco; localizacao; localizados; rua; como chego",
    Topic.SERVICES: "services; treatments; procedures; servicios; tratamientos; leistungen;"
    " behandlungen; prestations; soins; servicos; tratamentos",
    Topic.PRACTITIONERS: "doctors; dentists; practitioners; providers; physicians; hygienists;"
    " specialists; therapists; which doctor; what doctor; which dentist; what dentist; which"
    " provider; which practitioner; which physician; your team; medicos; doctores; doctoras;"
    " dentistas; odontologos; que doctor; que doctora; que medico; cual doctor; que dentista;"
    " arzte; aerzte; arztinnen; aerztinnen; zahnarzte; zahnaerzte; welcher arzt; welche arztin;"
    " welcher zahnarzt; medecins; dentistes; quel medecin; quel dentiste; quel docteur; doutores;"
    " qual medico; que medica; qual dentista",
    Topic.FREE_TIMES: "openings; availability; available times; free times; free slots; slots;"
    " available appointments; any appointments; appointments available; soonest appointment;"
    " next appointment available; next available; earliest appointment; citas disponibles;"
    " disponibilidad; freie termine; rendez vous disponibles; horarios disponiveis",
    Topic.OWN_VISIT: "my appointment; my appointments; my visit; my visits; my booking; mi cita;"
    " mis citas; mein termin; meinen termin; meine termine; mon rendez vous; mon rdv; minha"
    " consulta; minhas consultas; my next appointment; do i have an appointment; do i have a visit;"
    " tengo cita; tengo una cita; tengo alguna cita",
    Topic.PARKING: "park; parking; parked; car park; parking lot; garage; valet; estacionar;"
    " estacionamiento; aparcar; aparcamiento; parqueo; parquear; parqueadero; parken; parkplatz;"
    " parkplatze; parkplaetze; parkhaus; stationner; stationnement; garer; estacionamento",
    Topic.TRANSPORT: "bus; train; subway; metro; tram; public transport; transit; autobus; tren;"
    " bahn; ubahn; sbahn; haltestelle; zug; onibus; trem",
    Topic.INSURANCE: "insurance; insurances; insured; insurer; insurers; medicare; medicaid; aetna;"
    " cigna; humana; delta dental; metlife; blue cross; blue shield; united healthcare; tricare;"
    " in network; out of network; dental plan; health plan; coverage; covered; copay; seguro;"
    " seguros; aseguranza; aseguradora; aseguradoras; versicherung; versicherungen; krankenkasse;"
    " krankenkassen; kasse; kassenpatient; kassenpatienten; privatpatienten; assurance;"
    " assurances; mutuelle; mutuelles; carte vitale; tiers payant; convenio; convenios;"
    " plano de saude; seguradora",
    Topic.PRICES: "price; prices; pricing; cost; costs; how much; fee; fees; charge; charges;"
    " expensive; estimate; quote; precio; precios; cuesta; cuestan; cuanto vale; cuanto cobran;"
    " costo; costos; coste; tarifa; tarifas; preis; preise; kosten; kostet; was kostet; prix;"
    " coute; coutent; tarif; tarifs; preco; precos; custa; custam; valor; quanto",
    Topic.PAYMENT: "pay; payment; payments; credit card; debit card; cash; financing;"
    " payment plan; installments; apple pay; cheque; checks; pagar; pago; pagos; tarjeta; efectivo;"
    " bezahlen; zahlen; zahlung; kartenzahlung; bar zahlen; payer; paiement; carte bancaire;"
    " especes;"
    " pagamento; cartao; dinheiro; pix",
    Topic.REMINDERS: "reminder; reminders; remind; text message; text messages; recordatorio;"
    " recordatorios; recuerdan; erinnerung; erinnerungen; rappel; rappels; lembrete; lembretes",
    Topic.LANGUAGES: "language; languages; speak; speaks; spoken; interpreter; translator; idioma;"
    " idiomas; hablan; habla; interprete; sprache; sprachen; sprechen; spricht; dolmetscher;"
    " langue; langues; parle; parlez; parlent; lingua; linguas; falam; fala",
    Topic.ACCESS: "wheelchair; wheelchairs; accessible; accessibility; disabled; disability;"
    " elevator; lift; ramp; stairs; steps; handicap; handicapped; silla de ruedas; ascensor;"
    " elevador; accesible; discapacitados; rampa; rollstuhl; rollstuhlgerecht; barrierefrei;"
    " aufzug; fauteuil roulant; ascenseur; accessible aux handicapes; cadeira de rodas;"
    " acessivel; acessibilidade",
    Topic.BRING: "should i bring; to bring; bring anything; bring with me; need to bring; do i"
    " bring; paperwork; forms; fill out; que llevo; que traigo; tengo que llevar; tengo que traer;"
    " debo llevar; debo traer; que llevar; mitbringen; mitnehmen; dois je apporter; faut il"
    " apporter; apporter; devo levar; devo trazer; preciso levar; preciso trazer",
    Topic.CHILDREN: "child; children; kid; kids; pediatric; toddler; toddlers; baby; babies; nino;"
    " ninos; pediatrico; kinder; enfant; enfants; crianca; criancas",
    Topic.NEW_PATIENTS: "new patient; new patients; accepting patients; taking patients; nuevos"
    " pacientes; pacientes nuevos; paciente nuevo; neue patienten; neupatienten; nouveaux"
    " patients; nouveau patient; novos pacientes",
    Topic.CONTACT: "email; e mail; email address; e mail address; fax; fax number; website; web"
    " site; web page; phone number; telephone number; social media; correo; correo electronico;"
    " numero de telefono; pagina web; telefonnummer; faxnummer; webseite; adresse mail; adresse"
    " email; courriel; site web; numero de telefone",
    Topic.CANCELLING: "cancellation; cancellations; cancellation fee; cancellation policy; cancel;"
    " late fee; running late; late arrival; late arrivals; no show; no shows; show up;"
    " im late; be late;"
    " cancelacion; cancelaciones; cancelar; absagen; stornieren; annuler; annulation;"
    " cancelamento",
    Topic.ANIMALS: "dog; dogs; pet; pets; animal; animals; service animal; perro;"
    " perros; mascota; mascotas; hund; hunde; haustiere; chien; chiens; animaux; cachorro",
    Topic.RECORDS: "medical records; dental records; my records; test results; lab results; my"
    " results; x rays sent; historia clinica; mis resultados; befund; befunde; mes resultats;"
    " meus resultados",
    Topic.PRESCRIPTIONS: "prescription; prescriptions; refill; refills; receta; recetas; rezept;"
    " rezepte; ordonnance; ordonnances; receita; receitas",
    Topic.WALK_INS: "walk in; walk ins; walkin; walkins; without an appointment; sin cita; ohne"
    " termin; sans rendez vous; sem consulta; sem hora marcada",
}  # fmt: skip
VAGUE = {
    Topic.HOURS: "when; what time; today; tomorrow; tonight; weekend; weekends; week; weekday;"
    " weekdays; holiday; holidays; monday; tuesday; wednesday; thursday; friday; saturday; sunday;"
    " mondays; tuesdays; wednesdays; thursdays; fridays; saturdays; sundays; cuando; a que hora;"
    " hoy; manana; lunes; martes; miercoles; jueves; viernes; sabado; sabados; domingo; domingos;"
    " wann; heute; morgen; montag; dienstag; mittwoch; donnerstag; freitag; samstag; samstags;"
    " sonntag; sonntags; wochenende; quand; lundi; mardi; mercredi; jeudi; vendredi; samedi;"
    " samedis; dimanche; quando; hoje; amanha; demain;"
    " aujourdhui; ce soir; prochaine; semaine; semana; woche; segunda; terca; quarta; quinta;"
    " sexta; yesterday",
    Topic.ADDRESS: "where; donde; wo; ou etes; ou se trouve; ou est; onde; how do i get; drive;"
    " map; far",
    Topic.SERVICES: "service; offer; offers; do you do; do you provide; treatment; how long;"
    " servicio; ofrecen; hacen; cuanto dura; cuanto tarda; behandlung; bietet; bieten; wie lange;"
    " machen sie; proposez; faites vous; combien de temps; oferecem; fazem; quanto tempo",
    Topic.PRACTITIONERS: "who; doctor; dentist; practitioner; provider; physician; hygienist;"
    " specialist; quien; quienes; medico; doctora; dentista; wer; arzt; arztin; zahnarzt; qui;"
    " medecin; dentiste; docteur; quem; medica; doutor; doutora",
}  # fmt: skip
# Words that do not tell what is asked.
EMPTY = catalogue.FILLERS | {
    "what", "whats", "which", "is", "are", "am", "do", "does", "did", "you", "your", "yours", "we",
    "us", "our", "it", "its", "that", "this", "there", "here", "can", "could", "will", "in", "on",
    "at", "by", "me", "tell", "know", "ask", "asking", "about", "clinic", "office", "practice",
    "information", "info", "question", "caller", "asks", "wants", "any", "anything", "if", "how",
    "have", "has", "be", "or", "but", "also", "them", "they", "was", "go", "give", "take",
    "accept", "patient", "patients", "policy", "from", "el", "los", "las", "de", "del", "es", "en",
    "que", "y", "se", "su", "sus", "ustedes", "cual", "est", "vous", "les", "des", "ist", "sind",
    "haben", "sie", "gibt", "ihre", "ihr", "o", "os", "as", "voces", "tem", "tienen", "hay",
    "avez", "details", "thanks", "thank", "hi", "hello", "hey", "general", "everything", "say",
    "estan", "esta", "estais", "seid", "etes", "trouve", "trouvez", "fica", "ficam", "queda",
    "quedan", "liegt", "ich", "encuentran", "encuentra", "finde", "votre", "vos", "kann", "man",
    "puedo", "posso", "para", "should", "need", "son", "sao", "quels", "quelles", "welche",
    "welches", "cuales", "quais", "da", "dort", "exactly", "currently", "actually", "right", "now",
    "please", "not", "over", "clinica", "klinik", "clinique", "consultorio", "praxis", "cabinet",
    "sont", "estao", "quel", "quelle", "times",
}  # fmt: skip

# Words for doing something, which the service that is asked about follows.
DOING = {
    "do", "does", "perform", "performs", "handle", "handles", "treat", "treats", "provide",
    "provides", "offers", "make", "makes", "give", "gives", "hace", "hacen", "realiza", "macht",
    "machen", "fait", "font", "faz", "fazem",
}  # fmt: skip
# Beside “what” and “how long” they ask about no service in particular.
STILL_SERVICES = DOING | {
    "long", "take", "takes", "last", "lasts", "kind", "kinds", "type", "types", "sort", "sorts",
    "list", "all", "available", "dental", "visit", "visits", "appointment", "usually", "different",
    "other", "else", "offered", "provided", "done", "time", "dura", "tarda", "minutes", "things",
}  # fmt: skip


def phrases(listed: str) -> list[str]:
    return [" ".join(phrase.split()) for phrase in listed.split(";")]


def pattern(vocabulary: dict[Topic, str]) -> tuple[re.Pattern[str], dict[str, Topic]]:
    """What finds a phrase of the vocabulary, the longest first, and the topic of each."""
    owner = {phrase: topic for topic, listed in vocabulary.items() for phrase in phrases(listed)}
    longest_first = sorted(owner, key=len, reverse=True)
    return re.compile(rf"(?<!\S)(?:{'|'.join(longest_first)})(?!\S)"), owner


CLEAR_WORDS, CLEAR_OWNER = pattern(CLEAR)
VAGUE_WORDS, VAGUE_OWNER = pattern(VAGUE)


def plain(text: str) -> str:
    """Folded words with one space between."""
    return " ".join(catalogue.words(text))


def clear_in(text: str) -> tuple[Topic, ...]:
    """The topics that clear words name, in the order they are named."""
    found = (CLEAR_OWNER[match[0]] for match in CLEAR_WORDS.finditer(plain(text)))
    return tuple(dict.fromkeys(found))


def vague_in(text: str) -> tuple[Topic, ...]:
    """The topics that vague words may mean, in the order they are said."""
    found = (VAGUE_OWNER[match[0]] for match in VAGUE_WORDS.finditer(plain(text)))
    return tuple(dict.fromkeys(found))


def rest_of(text: str, *known: Topic) -> list[str]:
    """The words that tell something, but those on the topics in `known`."""
    left = plain(text)
    for words, owner in ((CLEAR_WORDS, CLEAR_OWNER), (VAGUE_WORDS, VAGUE_OWNER)):
        left = words.sub(lambda found: "" if owner[found[0]] in known else found[0], left)  # noqa: B023
    return [word for word in left.split() if word not in EMPTY]


# Words on opening hours that name no day.
NO_DAY = {"when", "what", "time", "cuando", "a", "que", "hora", "wann", "quand", "quando"}
BESIDE_A_DAY = re.compile(
    r"this|next|last|coming|\d+(?:st|nd|rd|th)?|(?:morn|even)ing|afternoon|night|after|before|and"
    r"|or|to|christmas|thanksgiving|easter|labor|memorial|new|years?|eve|day|proxim\w+|jan\w*"
    r"|feb\w*|mar(?:ch)?|apr\w*|may|june?|july?|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*"
)


# A number that is said as a day's.
DAYS_NUMBER = re.compile(
    r"\b(?:\d+(?:st|nd|rd|th)|(?:el|le|am|dia) \d+"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d+)\b"
)


def names_a_day(text: str) -> bool:
    if DAYS_NUMBER.search(plain(text)):
        return True
    found = (match[0] for match in VAGUE_WORDS.finditer(plain(text)))
    of_hours = (set(word.split()) for word in found if VAGUE_OWNER[word] is Topic.HOURS)
    return any(not words <= NO_DAY for words in of_hours)


def days_in(text: str) -> list[str]:
    """What may be the days that are asked about: the whole `text`; without the words on opening
    hours; without those that say nothing; and the words on days alone."""
    hours = {word for phrase in phrases(CLEAR[Topic.HOURS]) for word in phrase.split()}
    of_days = {word for phrase in phrases(VAGUE[Topic.HOURS]) for word in phrase.split()} - NO_DAY
    kept = [word for word in text.split() if plain(word) not in hours]
    bare = [word for word in kept if plain(word) not in EMPTY | NO_DAY | {"no", "na", "am"}]
    days = [word for word in kept if plain(word) in of_days or BESIDE_A_DAY.fullmatch(plain(word))]
    return list(dict.fromkeys([text, *(" ".join(words) for words in (kept, bare, days))]))


def is_more_than(topics: set[Topic], heading: str) -> bool:
    """Whether a heading says more than the clear words on the topics: “Holiday hours”."""
    left = CLEAR_WORDS.sub(
        lambda found: "" if CLEAR_OWNER[found[0]] in topics else found[0], plain(heading)
    )
    return any(word not in EMPTY for word in left.split())


CLAUSES = re.compile(r"[,.;?!]|\b(?:and|also|plus|y|und|et|e)\b", re.IGNORECASE)
# Beside a subject of the notes these words only say whose or what for: “do your doctors speak …”.
ONLY_BESIDE = {Topic.SERVICES, Topic.PRACTITIONERS}


def asked_in(text: str) -> tuple[Topic, ...]:
    """The topics that clear words ask about, in the order they are named."""
    asked: dict[Topic, None] = {}
    for clause in CLAUSES.split(text):
        named = clear_in(clause)
        is_noted = any(topic not in (*FROM_ROWS, *ELSEWHERE) for topic in named)
        asked |= {topic: None for topic in named if not (is_noted and topic in ONLY_BESIDE)}
    return tuple(asked)


def telling(text: str) -> list[str]:
    """The words that tell what is asked, each cut to its stem."""
    return [catalogue.stem(word) for word in catalogue.words(text) if word not in EMPTY]

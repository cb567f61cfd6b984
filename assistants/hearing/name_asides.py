"""Name asides: what people say before, after and within a name."""

import re

from .lexicon import listed

_RELATIVE = (
    "son|daughter|child|kid|baby|wife|husband|partner|spouse|mother|father|mom|mum|dad|sister"
    "|brother|grandmother|grandfather|grandma|grandpa|grandson|granddaughter|aunt|uncle|niece"
    "|nephew|cousin|friend|girlfriend|boyfriend|neighbor|neighbour|client|boss|fianc[ée]e?|boy"
    "|girl|toddler|newborn|roommate|ex"
)
RELATIVES = rf"(?:step|god|great-?|foster[ ]|ex-)?(?:{_RELATIVE})(?:[ -]in[ -]law)?"
_FAMILY_ABROAD = (
    "hij[oa]|espos[oa]|mam[aá]|pap[aá]|madre|padre|herman[oa]|abuel[oa]|niet[oa]|mujer|marido"
    "|fils|fille|femme|mari|mère|père|sœur|frère|sohn|tochter|frau|mann|mutter|vater|schwester"
    "|bruder|filh[oa]|mãe|pai|irmã|irmão|esposa"
)
_OTHERS = (
    "children|people|persons?|us|family|familia|twins?|niñ[oa]s?|nen[ea]s?|bebés?|joven|novi[oa]"
    "|amig[oa]|señora?"
)
_DAYS = "(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
_FILLER = r"(?:uh+m?|um+|er|erm|hmm+|ah|well|like)\b[\s,.]*"

LEAD_IN = re.compile(
    rf"""(?:
      (?:hi|hello|hey|yes|yeah|yep|sure|okay|ok|of\ course|certainly|right|thanks|thank\ you
        |good\ (?:morning|afternoon|evening))(?:\ there)?\b[\s,.!]*
    | (?:uh+m?|um+|erm|hmm+|(?:este|pues|bueno|eh|a\ ver|mire|oiga)(?=,)|(?-i:pues|bueno|eh|mire))
        \b[\s,.]*
    # So and Oh are names as well (So Yeon, Oh Jin-woo): here only before more of a lead-in.
    | (?:so|oh|well|no)\b(?:\s*[,.!]|(?=\s+(?:my|this|it|that|i|the|yes|yeah|um|uh|put)\b))[\s,.!]*
    | (?:my|the|his|her|their|our)\ (?:full\ |first\ |last\ |legal\ )?(?:name|surname)
        (?:\s*[,:?]|\ is\b|'s\b|\ would\ be\b|\ should\ be\b|\ will\ be\b)[\s,:]*(?:{_FILLER})*
    | (?:the\ )?patient(?:'s)?(?:\ (?:full\ )?name)?
        (?:\ is\b|\ (?:would|will|should)\ be\b|:)[\s,:]*
    | (?:the\ )?patient(?:'s)?\ (?:full\ )?name[\s,:=]+
    | the\ patient's\ (?!(?:name|full|first|last|{RELATIVES})\b)
    | (?:first\ |full\ )?name(?:\ is\b|'s\b|\ would\ be\b|:)?[\s,:=]+
    | (?:should|would|will|might)\ be\ (?=(?:under|for|in)\b)
    | (?:surname|family\ name)(?:\ is\b|:)?[\s,:]+
    | (?:the\ |an?\ |my\ |this\ )?(?:appointment|appt|booking|visit|reservation|call|slot)
        (?:\ is|'s|\ would\ be|\ will\ be)?(?=\ (?:for|under|in)\b)\s*
    | (?:this|it|that|she|he)(?:\ is|'s|\ would\ be|\ should\ be|\ will\ be|'ll\ be)\b
        (?:\ gonna\ be|\ going\ to\ be)?[\s,:]*(?:{_FILLER})*
    | (?:i\ am|i'm)(?:\ called|\ named)?\b[\s,:]*(?:{_FILLER})*
    | (?:you\ can\ |please\ |just\ )?call\ me\b[\s,:]*
    | (?:they|people|(?:my\ )?friends|everyone|everybody)\ calls?\ me\b[\s,:]*
    | i\ go\ by\b\s+
    | (?:calling|booking|asking|scheduling)\ (?=for\b|on\ behalf\b)
    | (?:i'd\ like|i\ want|i\ need|can\ (?:i|you)|could\ (?:i|you)|please|just)?\ ?(?:to\ )?
        (?:book|make|schedule|get|have)\ (?:it|this|an?\ (?:appointment|visit))?\ ?(?=for\b)
    | i\ (?:want|need)\ an?\ (?:appointment|visit)\ (?=for\b)
    | (?:i'd\ like|i\ want|i\ need|have|make)\ (?:it|this|that)\ (?=(?:under|for|in)\b)
    | (?:please\ |just\ |you\ can\ |could\ you\ |can\ you\ )*
        (?:(?:put|book|write|mark)\ (?:it|me|this|that|her|him|us)|put)
        \ (?:down\ )?(?:(?:as|for|under|in)\ )?(?:the\ name\ )?(?:of\ )?(?=\S+)
    | (?:for|on\ behalf\ of)\ (?=\S)
    | (?:in|under)\ the\ name\ (?:of\ )?
    | under\b[\s,:]+(?=\S)
    | (?:my|our|his|her|their)\ (?:{RELATIVES})
        (?:'s\ name(?:\ is)?|\ is\ called|\ is\ named)?\b[\s,:]*
    | (?:me|myself)(?:\ again)?,\s
    | (?:caller|customer|client):\s | (?:legally|officially|formally)\s+ | sorry,\s
    | (?:oh|ah)\ (?=(?:hi|hello|hey|yes|sorry)\b)
    | spel(?:led|t)\b[\s,:]+
    # In other languages.
    | (?:hola|buen[oa]s\ (?:días|tardes|noches)|buenas|bonjour|bonsoir|salut|guten\ (?:tag|morgen)
        |hallo|olá|bom\ dia|boa\ tarde)\b[\s,.!]*
    | (?:sí|oui|ja|sim|oi)\s*[,.!]\s*
    | (?:yo\ )?me\ llamo\b\s* | (?:mi|su|el)\ nombre(?:\ completo)?\ es\b\s*
    | (?:yo\ )?soy\s+(?:(?:el|la)\s+(?=(?:se[ñn]or|doctor|sr)))?
    | (?:mi|su|el)\ apellido\ es\b\s* | mein\ nachname\ ist\s+ | meu\ sobrenome\ é\s+
    | mon\ nom\ de\ famille\ est\s+ | aqu[ií]\ (?:é|es|habla|fala)\s+(?:[oa]\s+)?
    | se\ llama\b\s* | habla\s+ | (?:a|con\ el|bajo\ el)\ nombre\ de\s+
    | é\s+(?:[oa]\s+)? | (?:la\ cita\ )?es\ para\s+ | (?-i:para)\s+
    | je\ m'appelle\s+ | mon\ nom\ (?:est|c'est)\s+ | je\ suis\s+ | c'est\s+(?:pour\s+)?
    | au\ nom\ de\s+ | (?-i:pour)\s+ | (?:il|elle)\ s'appelle\s+
    | ich\ hei(?:ß|ss)e\s+ | mein\ name\ ist\s+ | ich\ bin\s+ | hier\ ist\s+ | auf\ den\ namen\s+
    | (?:er|sie)\ heißt\s+ | (?-i:für)\s+
    | (?:o\ )?meu\ nome\ é\s+ | (?:eu\ )?me\ chamo\s+ | (?:eu\ )?sou\s+(?:o\s+|a\s+)?
    | (?:ele|ela)\ se\ chama\s+ | em\ nome\ de\s+ | chamo-me\s+
    | (?:mi|mis|mon|ma|mein|meine|meinen|meu|minha|o\ meu|a\ minha)\ (?:{_FAMILY_ABROAD})\b[\s,]*
        (?:se\ llama\s+|s'appelle\s+|heißt\s+|se\ chama\s+)?
    )+""",
    re.VERBOSE | re.IGNORECASE,
)
# Who calls, and for whom: "I'm Jane, it's for my husband Ben Ode".
FOR_WHOM = re.compile(
    rf"""(?:.*?[\s,.])?(?P<so>(?:calling|phoning|ringing|booking|asking|scheduling
        |here|speaking|it's|it\ is|this\ is|that's|he's|she's|i'm|i\ am)\s+)?
    (?:for|on\ behalf\ of)\s+
    (?: (?P<kin>(?:my|our|his|her|their)\s(?:\w+\s)?(?:{RELATIVES})\b[\s,.]*
            (?:(?:who\sis\s)?(?:named|called)\s|(?:his|her)\sname\sis\s)?)
      | (?=(?-i:[A-ZÀ-Þ])) (?!(?:dr|doctor)\b) )
    (?P<patient>.*)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
# "Jane Ode's son Ben".
SOMEBODYS = re.compile(rf".+\w's?'?\s(?:\w+\s)?(?:{RELATIVES})\b[\s,.]*", re.IGNORECASE)
# "Ben's", "it's Ben's visit".
POSSESSIVE = re.compile(
    r"(?<=\w)'s(?:\s(?:appointment|appt|visit|booking|one))?[\s.!?]*$", re.IGNORECASE
)
TITLES = re.compile(
    r"(?:(?:mr|mrs|ms|miss|mx|mister|missus|madam|sir|dr|doctor|prof|professor|rev|reverend"
    r"|señora?|señorita|sra?|doña|herr|frau|monsieur|madame|mme|senhora?)"
    r"(?:\.|\b)\s*(?=\S)(?:(?:and|&) (?=(?:mr|mrs|ms|dr)\b))?)+",
    re.IGNORECASE,
)

# From here on nothing belongs to the name: a number, an age, another subject.
LEAD_OUT = re.compile(
    r"""(?:
      [\s,.]+(?:speaking|calling|here|please|thanks|thank\ you|on\ the\ (?:line|phone)|por\ favor
        |s'il\ vous\ plaît|bitte|again|though|i\ think|right|okay|correct|yeah|yes)
    | [\s,]+(?:calling\ |over\ )?from\ \S.*
    | [\s,]+(?:calling|phoning|ringing)\ (?:about|to|for|regarding|because|in)\b.*
    | [\s,;(]+(?:my\ )?(?:(?:at|on)\ )?(?:cell|phone|number|mobile)?[\s:]*\+?\(?\d
        [\d\s().-]{6,}
    | [\s,;(]+(?:and\ )?(?:aged?|age\ is)?[\s:]*\d{1,3}(?:[\s-](?:years?|yrs?|months?|weeks?))?
        (?:[\s-]olds?)?\)?
    | [\s,;(]+(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)
        \ (?:years?|months?|weeks?)(?:[\s-]olds?)?\)?
    | [\s,;(]+aged?\ [a-z]+(?:[\s-](?:one|two|three|four|five|six|seven|eight|nine))?\)?
    | [\s,;.(]+(?:and\ )?(?:(?:i|we|he|she|they)(?:'m|'s|'re|'d|'ve|'ll|\ am|\ is|\ are|\ was
        |\ have|\ has|\ need|\ want|\ would|\ will)|i\ (?:think|need|want|was|called))\b.*
    | [\s,;.(]+(?:and\ )?(?:my\ |his\ |her\ |the\ )?(?:date\ of\ birth|d\.?o\.?b\.?|birthday
        |birth\ date|phone|telephone|number|cell|e-?mail|address|insurance)\b.*
    | [\s,;(]+(?:and\ )?(?:was\ )?born\ (?:on|in|\d).*
    | [\s,;(]+(?:that's|it's|this\ is|that\ is)\ (?:my|his|her|the|our|for)\b.*
    | [\s,;(]+(?:who\ is\ |who's\ )?(?:my|our)\ (?:RELATIVES)\)?
    )[\s.!?)]*$""".replace("RELATIVES", RELATIVES),
    re.VERBOSE | re.IGNORECASE,
)
# What the visit is, said behind the name: “Ben Ode for a cleaning on Friday at 10”. Not if somebody
# else is named there.
OF_THE_VISIT = re.compile(
    rf"""[\s,]+(?!.*\b(?:(?:{RELATIVES}|{_FAMILY_ABROAD})s?|{_OTHERS}|and|y|also)\b)
    (?!.*\bfor\ (?!\w+day\b)(?-i:[A-Z]))
    (?:
      (?:for|needs?|wants?|would\ like|'d\ like)\ (?:an?|the|some)\ (?-i:[a-z]).*
    | to\ (?:see|book|have|get)\ \S.*
    | (?:at|around|by)\ (?:about\ )?(?:\d+|noon|half|quarter|one|two|three|four|five|six|seven|eight
        |nine|ten|eleven|twelve)\b.*
    | (?:(?:on|for|this|next)\ )+(?:the\ )?(?:next\ |this\ |coming\ )?(?:{_DAYS})\b.*
    | (?:,\ |(?<=,\s))(?:{_DAYS})\b.*
    | (?:for\ )?(?:tomorrow|today|tonight)\b.*
    | in\ the\ (?:morning|afternoon|evening)\b.*
    | with\ (?:dr|doctor|dra|doctora)\b.*
    | if\ (?:it's\ |that's\ )?(?:at\ all\ )?(?:possible|you\ can|okay|ok|available)\b.*
    | (?:an?\ )?(?:new|existing|returning|current|established)\ patient
    | (?-i:para\ (?:una?|el|la|hoy|mañana)\b.*|para\ las?\ \S.*)
    | (?-i:mañana|hoy|a\ las?\ \S.*|por\ la\ (?:mañana|tarde)\b.*)
    | (?-i:con\ (?:el|la)\ (?:dr|doctor)a?\b.*)
    )[\s.!?]*$""",
    re.VERBOSE | re.IGNORECASE,
)
# “Ann Roe herself”: she is the patient.
SELF = re.compile(r",? (?:for )?(?:myself|herself|himself)[ .!]*$", re.IGNORECASE)
# “A N N space R O E”.
SPELLED_APART = re.compile(r"(?<![\w'])([^\W\d_](?: [^\W\d_])+) space ([^\W\d_](?: [^\W\d_])+)\b")
# A note on the name between two parts of it: "Anna Maria, two words, Lopez".
ASIDE = re.compile(
    r""",\s(?:(?:and\s)?(?:that's|that\sis|it's|it\sis)\s)?
    (?:(?:one|two|three)\swords?|short\sfor\s\w+|same\s[^,]*|spel(?:led|t)\b[^,]*|hyphenated|all\sone\sword
    |with(?:out)?\s(?:an?\s|the\s)?(?:accent|tilde|hyphen|dash|space|umlaut)s?[^,]*
    |like\sthe\s[^,]*|just\slike\s[^,]*|as\sit\ssounds
    |con\s(?:tilde|acento|hache|[a-zñ])|sin\s(?:tilde|acento|hache)|mit\s(?:umlaut|bindestrich)
    |avec\s(?:un\s)?(?:accent|tréma|trait\sd'union)[^,]*|com\s(?:acento|til))(?:,|$)
    # In other languages a name has no such small words: "con zeta", "mit dt", "D comme David".
    |,?\s(?-i:con|mit|avec|com|ohne|sans|sin)\s(?-i:[^\W\d_A-Z])[^,]*(?:,|$)
    |,?\s(?-i:mit|con|avec|com)\s[A-Z](?:\s[A-Z])*(?=,|$)
    |,\s[A-Z]\s(?-i:comme|wie|como)\s\w+(?:,|$)""",
    re.VERBOSE | re.IGNORECASE,
)
# "Av- Ava" and "A-A-Ava": the speaker begins more than once.
STUTTER = re.compile(r"\b(\w{1,3})-\s(?=\1)|\b(?:(\w)-)+(?=\2\w{2})", re.IGNORECASE)
BRACKETED = re.compile(r"\s*\([^()]*\)?\s*$")
# "But everyone calls me Chris".
CALLED = re.compile(
    r"(?:[,.;]\s*(?:but\s|and\s)?|\s(?:but|and)\s)(?:everyone|everybody|people|they|(?:my\s)?friends|you\scan|just"
    r"|please)\scalls?\s(?:me|him|her)\b.*$",
    re.IGNORECASE,
)
# Notes on a letter of the name: they are dropped.
_LETTER = r"""
    (?:an?|the|one|two|three|no|double|only\sone|just\sone)
    \s(?:silent\s|single\s|double\s|letter\s|letters\s|capital\s)?
    (?:[a-z](?:'?s)?|ph|ck|ch|sh|th|gh|ei|ie|ea|ae|oe|ey|ll|tt|nn|ss|ew|ow|ks|qu|kh|dt|tz
      |tee|kay|why|ess|aitch|hyphen|space|accent|tilde|dash)\b(?!['-]\w)
    (?:,?\s(?:not|instead\sof)\s(?:(?:an?|the)\s)?[a-z]{1,2}\b)?
    (?:\sat\sthe\s(?:end|start|beginning)|\son\sthe\send|\sin\s(?:it|the\smiddle))?"""
LETTERS_TOLD = re.compile(
    rf""",?\s(?:that's\s|it's\s|spelled\s|spelt\s)?(?:but\s)?with(?:out)?\s{_LETTER}
    (?:,?\s(?:and|but)\s(?:with(?:out)?\s)?{_LETTER})*,?""",
    re.VERBOSE | re.IGNORECASE,
)
# "Olivia at gmail dot com" is an address.
SPOKEN_ADDRESS = re.compile(
    r"\bat\s(?:[\w-]+\s){1,4}(?:dot|point|period)\s\w|\bat\s[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b",
    re.IGNORECASE,
)
FILLERS = re.compile(r",?\s(?-i:uh+m?|umm*|erm|hmm+|eh+),?(?=\s|\.*$)", re.IGNORECASE)
LABELS = re.compile(
    r"(?:^|[,.]? )(?:and )?(?:my |the |his |her )?(?:first|last|middle|given|family|sur) ?name"
    r"(?: is|'s)?:? ",
    re.IGNORECASE,
)
FIRST_NAME_LAST = re.compile(
    r"^(?:(?:my |the )?(?:last |family |sur)name(?: is)?:? )?(.+?)[,.]? (?:and )?(?:my |the )?"
    r"(?:first|given) name(?: is|'s)?:? (.+)$",
    re.IGNORECASE,
)
NAMED_BEHIND = re.compile(
    r"^(.+?) is (?:my|the|his|her) (?:first|given)(?: name)?,? (?:and )?(.+?) is (?:my|the|his|her)"
    r" (?:last|family|sur) ?(?:name)?$",
    re.IGNORECASE,
)
TAKEN_BACK = re.compile(
    r"^.*(?:[,.;-]|\b(?:uh|um)) ?(?:no,? (?:wait|sorry|actually)|(?:oh )?sorry|i mean|wait,? no"
    r"|scratch that|actually|make that|wait|(?<=[.,;-] )no(?=[,.])),? ?"
    r"(?:it's |that's |i mean |the name is )?(?=\S)",
    re.IGNORECASE,
)
# "Brooks, B as in boy": one letter of it, told to be heard.
ONE_LETTER_TOLD = re.compile(
    r"(?<=\w\w),?\s(?:(?:that's|it's|with)\s)?(?:an?\s)?[^\W\d_]\s(?:as\sin|like|for)\s\w+[.!]*$",
    re.IGNORECASE,
)

NO_NAMES = frozenset(
    {"null", "none", "n/a", "unknown", "undefined", "anonymous", "not provided", "no name"}
    | {"patient name", "caller name", "the patient name", "your full name", "assistant"}
    | {"name", "your name", "caller", "unknown caller", "patient", "the patient", "me", "myself"}
    | {"no", "nope", "yes", "yeah", "yep", "yup", "correct", "that's correct", "right", "wrong"}
    | {"that's right", "that is correct", "that is right", "hello", "hi", "hey", "ok", "okay"}
    | {"sure", "thanks", "thank you", "please", "skip", "what", "why", "who", "huh", "pardon"}
    | {"sorry", "excuse me", "wait", "hold on", "hang on", "one moment", "one second", "same"}
    | {"the same", "same name", "the same name", "same person", "the same person", "same here"}
    | {"new patient", "existing patient", "a new patient", "first name", "last name", "full name"}
    | {"first and last name", "someone", "somebody", "him", "her", "them", "us", "nobody", "test"}
    | {"i don't know", "don't know", "not sure", "i'm not sure", "never mind", "nothing", "user"}
    | {"on file", "same as before", "same as last time", "as before", "like before", "customer"}
    | {"you know", "you know me", "you have it", "already told you", "my name", "goodbye", "bye"}
    | {"no thanks", "no thank you", "that's me", "it's me", "client", "the caller", "guest"}
    | {"thing", "go ahead", "sounds good", "sounds great", "sounds perfect", "that works"}
    | {"works for me", "that's fine", "that's good", "perfect", "great", "good", "fine", "lovely"}
    | {"awesome", "cool", "absolutely", "definitely", "exactly", "certainly", "monday", "tuesday"}
    | {"wednesday", "thursday", "friday", "saturday", "sunday"}
    | {"yo", "yo mismo", "yo misma", "mí", "mi", "mí mismo", "mí misma", "moi", "moi-même", "ich"}
    | {"mich", "ich selbst", "mich selbst", "eu", "eu mesmo", "eu mesma", "mim"}
    | {"somebody else", "someone else", "another person", "someone different", "himself"}
    | {"herself", "themselves", "themself", "a friend", "my friend", "a friend of mine", "friend"}
    | {"lo mismo", "a mi nombre", "mi nombre", "ya se lo di", "usted ya lo tiene", "nadie"}
    | {"ninguno", "dos personas", "cita", "el niño", "la niña", "mi novio", "mi novia", "mi señora"}
    | {"mi abuelita", "mi hijo", "mi hija", "mi esposo", "mi esposa", "alguien más"}
    | {"sí", "si", "oui", "non", "ja", "nein", "sim", "não", "hola", "bonjour", "hallo", "olá"}
)
NO_NAME = re.compile(
    rf"""(?:
      (?:what|why|who|whose|how|when|where|which)(?:'s|\ (?:is|are|do|does|did|would|was|will|can
        |name|for|about|kind|time))\b.*
    | (?:do|does|did|can|could|would|are|is|should)\ (?:you|i|we|it|that|this|there)\b.*
    | (?:the\ )?same\ (?:as|name|one|person|patient|number|thing)\b.*
    | (?:it's|that's|it\ is|you)?\ ?(?:should\ )?(?:be\ |have\ it\ )?(?:already\ )?on\ file\b.*
    | i\ (?:already|don't|do\ not|can't|won't|just|told|gave|have|want|need|would|prefer)\b.*
    | i'd\ (?:rather|like|prefer)\b.*
    | (?:that|this|it)(?:'ll|'s|\ (?:will|would|is))?\ (?:works?|do|does|one|good|great|suits)\b.*
    | let\ me\b.* | no\ preference | (?:any|either)\ (?:one|time|day)
    | (?:morning|afternoon|evening|it|that|this)s?\ works?\b.*
    | (?:tooth|back|head|jaw|gum|ear|stomach)[ -]?(?:ache|pain)s? | emergency | check[ -]?up
    | you\ (?:already|should|have|must|know)\b.*
    | (?:none|nothing|not)\ (?:of|your|sure|important|needed|provided)\b.*
    | (?:the|a|an|your)\ (?:caller|customer|client|patient|user|person|name|one)
    | (?:my|our|his|her|their)\ (?:{RELATIVES})
    | (?:one|two|three|no|double|single)\ [a-z](?:'?s)?
    | (?:can|could)\ you\ repeat.*|say\ (?:that|it)\ again.*|come\ again
    )[?.!]*""",
    re.VERBOSE | re.IGNORECASE,
)
# Words of a sentence, in lower case, unlike names: with one left, it is not a name alone.
OF_A_SENTENCE = re.compile(
    r"\b(?:my|your|is|was|have|need|want|but|not|just|under|who|what|which|people|child|children"
    r"|hyphen|dash|words?|spelled|spelt|like|with|without|wait|because|then|also|she|he|they|it"
    r"|it's|that's|i'd|i'm|we|name|patient|appointment|actually|comma|space|short"
    r"|same|again|legally|are|would|please|at|double|triple|capital"
    r"|the(?! (?:first|second|third|fourth|fifth|1st|2nd|3rd|4th|great|elder|younger)\b| [A-Z]))\b"
)
# Sounds and single words of answers, as in "no, sorry, what?".
SOUND = re.compile(r"m+-?h*m*|h+m+|u+h*-?(?:h*u*h+|m+)|[aeo]+h+|er+m*|pf+t*|h[aeu]h+|sh+")
INTERJECTIONS = frozenset(
    listed(
        "no nope yes yeah yep yup correct right hello hi hey ok okay sure thanks please what why "
        "huh pardon sorry wait well so oh ah sec second moment minute one just let me see think "
        "hold on a real person human operator agent representative speaking someone somebody null "
        "none undefined unknown nan string first_name last_name correcto correcta claro vale "
        "gracias exacto exacta así es sé tengo quiero bueno bien sí oui non ja nein danke genau "
        "richtig merci voilà d'accord exactement sim não obrigado obrigada certo isso"
    )
)
# Words that stand between the names of one person, in small letters.
PARTICLES = frozenset(
    listed(
        "de del della delle dei degli di da do dos das du des la las los le les el al il lo van "
        "von vom zu zum zur der den dem het 't ter ten te ver op in bin ibn bint ben bar abu abd "
        "abdul ap ab af av y e i et und and san santa st mac mc ni ní nic ó o the ul ur ud un an "
        "first second third fourth fifth great elder younger jr sr ii iii iv"
    )
)
# Kinds of words of which a day or a time is made, and those of them that name nobody.
OF_A_TIME = frozenset(
    listed(
        "today today_part part number ordinal next unit noon midnight oclock meridiem zero weekday "
        "month at on in the this a half quarter past to coming early late"
    )
)
ONLY_OF_A_TIME = frozenset(listed("today today_part part number next oclock meridiem"))
# Two people: "Ana Marsh and her brother Ben Marsh", "Ann Roe, Tom Roe".
TWO = re.compile(
    rf"\s(?:and|&|plus|y)\s(?:{RELATIVES}|{_FAMILY_ABROAD})$|^the\s[^,]+\sfamily$"
    r"|^(?:both|all|the|my|our|two|three|los|mis)\s(?:\w+\s){0,2}(?:kids|children|sons|daughters|twins"
    r"|boys|girls|parents|family|niños|hijos)$"
    rf"|^(?P<one>\S+) (?P<name>\S+), (?!(?P=one)\b)\S+ (?P=name)$"
    rf"|\s(?:and|&|or|plus|y|et|und|e)\s(?:also\s)?(?:my|her|his|their|our|mi|su|meine?|ma|mon)\s"
    rf"(?:\w+\s)?(?:{RELATIVES}|{_FAMILY_ABROAD})\b|\bboth of (?:us|them)\b",
    re.IGNORECASE,
)
_NATO = (
    "alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike "
    "november oscar papa quebec romeo sierra tango uniform victor whiskey whisky xray x-ray "
    "yankee zulu"
)
NATO = {word: word[0] for word in listed(_NATO)}

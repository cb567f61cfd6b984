"""Alarms: words of a caller who may be in danger, in the languages callers speak to us.

They are those that emergency services name for calling them: breathing, chest pain, bleeding,
consciousness, stroke, poisoning, harm to oneself. We do not judge how serious a case is: the
sentence is better said once too often than once too few.
"""

import re
from collections.abc import Iterator

from assistants.tools.catalogue import fold
from assistants.tools.fields import JSON

# “It is no emergency” and “my emergency contact”, in Spanish and Portuguese alike.
NO_CONTACT = r"(?<!no es una )(?<!nao e uma )(?<!contacto de )(?<!contato de )"
# Searched in folded text: small letters without accents, apostrophes and full stops. Each begins
# at the beginning of a word.
SIGNS = {
    "en": [
        r"(?<!not an )(?<!not a )(?<!no )(?<!non )(?<!non-)emergency(?! contact)", r"ambulance",
        r"(call|dial|need|phone) (911|999|112|000)\b", r"paramedic",
        r"(cant|can ?not|can (barely|hardly)|couldnt|unable to|struggling to|hard to)"
        r"( \w+)?( \w+)? (breathe?|swallow)\b",
        r"(trouble|difficulty|problems?|hard time|hardly|barely|not|stopped)"
        r" (with )?(my |his |her )?breathing",
        r"short(ness)? of breath", r"chok(ing|ed)\b", r"suffocat", r"gasping",
        r"chest (pains?|is tight|hurts|tightness|pressure)", r"heart attack", r"cardiac arrest",
        r"(pains?|pressure|tightness|tight) in (\w+ )?(chest|heart)",
        r"(having|had|has|be|like|of) an? stroke", r"slurred speech",
        r"(cant|can not|cannot) (move|feel) (my|his|her|one)", r"face is droop",
        r"(severe|heav(y|ily)|bad(ly)?|profuse(ly)?|lots? of|uncontroll\w+|massive) (\w+ )?bleed",
        r"bleeding (\w+ ){0,4}(heavily|badly|lot|out|profusely|everywhere|head)\b",
        r"bleed(s|ing)? (\w+ ){0,5}(wont|will not|doesnt|does not|not|cant) stop",
        r"(wont|cant|doesnt|not) stop(ping)? (the )?bleeding",
        r"(coughing|vomiting|throwing|spitting) (up )?blood", r"blood everywhere",
        r"unconscious", r"passe[ds] out", r"passing out", r"faint(ed|ing)\b", r"collapsed",
        r"unresponsive", r"not respond", r"wont wake", r"not waking", r"black(ed|ing) out",
        r"los(t|ing) consciousness", r"seizure", r"convuls",
        r"suicid", r"kill (myself|himself|herself|themsel|me\b|him\b|her\b|someone|somebody)",
        r"end (my|his|her) (own )?life", r"end it all", r"wants? to die\b", r"self[ -]harm",
        r"(hurt|harm)(ing)? (myself|himself|herself|someone|somebody)", r"dont want to live",
        r"overdos", r"too many (pills|tablets)", r"poison", r"anaphyla",
        r"(throat|tongue) (is |keeps )?(clos|swell|swollen)", r"allergic (reaction|shock)",
        r"electrocut", r"drown", r"stabbed", r"gunshot", r"been shot", r"water broke",
        r"(?<!phone )(?<!battery )(is|are|im|am|shes|hes|theyre) dying\b", r"bleeding to death",
        r"(swallow|drank|drunk|ate|eaten|ingest)\w* (\w+ ){0,4}(bleach|batter|detergent|drain"
        r"|antifreeze|chemical|magnet|cleaner\b|pills\b)",
    ],
    "es": [
        rf"{NO_CONTACT}emergencia", rf"{NO_CONTACT}urgencia",
        r"ambulancia", r"no (puedo|puede|logra|logro) respirar",
        r"no (esta )?respira", r"cuesta (mucho )?respirar",
        r"(dificultad|problemas) (para|al|de) respirar", r"falta de aire", r"me falta el aire",
        r"ahog(o|a|ando|arse|andose)\b", r"asfixi", r"dolor (\w+ )?(en|de|del) (el |mi |su )?pecho",
        r"duele (mucho )?el pecho", r"infarto", r"ataque (al|de) corazon", r"ataque cardiaco",
        r"derrame", r"ictus\b", r"sangr\w+ (\w+ )?(mucho|much[ao]|abundante|sin parar)",
        r"(mucha|bastante) sangre", r"no (para|deja|paro|dejo) de sangrar", r"hemorragia",
        r"inconsciente", r"desmay", r"no (responde|despierta|reacciona)",
        r"perdi\w* (el conocimiento|la con[s]?ciencia)", r"convulsi", r"suicid", r"matarme",
        r"quitarme la vida", r"quier[oe] morir", r"hacerme dano", r"sobredosis", r"envenen",
        r"reaccion alergica", r"demasiadas pastillas", r"(me|se) (quier[oe]|voy a|va a) matar\b",
        r"esta[ns]? muriendo", r"(me|se) (estoy|esta) muriendo", r"desangr", r"no respir[oa]\b",
        r"(trago|tomo|bebio|tragado|tomado|bebido) (lejia|cloro|veneno|detergente|pilas?)",
        r"(se|me) (me )?(hincho|hinchando|cierra|cerro|cerrando) (la|mi) (garganta|lengua)",
        r"(garganta|lengua) (hinchada|cerrada|cerrando)",
    ],
    "fr": [
        r"(?<!pas une )(?<!contact )[dl]?urgences?\b", r"ambulance", r"samu\b",
        r"n?arriv\w+ (pas|plus) a (bien )?respirer",
        r"(mal|peine|difficultes?|peut pas|peux pas|peux plus|peut plus) (a )?respirer",
        r"respire (pas|plus|mal)", r"m?etouff", r"douleurs? (\w+ )?(a|dans) la poitrine",
        r"mal a la poitrine", r"douleurs? thoracique", r"crise cardiaque", r"infarctus", r"avc\b",
        r"saigne\w* (\w+ )?(beaucoup|abondamment|abondant|enormement)",
        r"saign\w+ (\w+ ){0,3}(sarrete|arrete) (pas|plus)", r"arrete (pas|plus) de saigner",
        r"hemorragie", r"inconscient", r"evanoui", r"perdu connaissance",
        r"(repond|reveille|reagit) (pas|plus)", r"convulsion", r"suicid", r"me tuer",
        r"envie de mourir", r"veux mourir", r"me faire du mal", r"overdose", r"surdose",
        r"empoisonn", r"reaction allergique", r"choc anaphylactique",
    ],
    "de": [
        r"(?<!kein )notfall(?!kontakt)", r"krankenwagen", r"rettungswagen", r"notarzt", r"atemnot",
        r"(keine|kaum|schlecht|schwer) (noch )?luft", r"(nicht|kaum|schwer|schlecht) (\w+ )?atmen",
        r"atmet (nicht|kaum|schwer)", r"erstick", r"brustschmerz",
        r"(schmerz\w*|druck) (in|auf) (der|meiner) brust",
        r"herzinfarkt", r"herzanfall", r"herzstillstand", r"schlaganfall",
        r"(stark|viel|heftig|sehr)e?r? (\w+ )?blut", r"blutet (\w+ )?(stark|sehr|viel|heftig)",
        r"blut\w* (\w+ ){0,2}(hort|hoert) nicht auf", r"(hort|hoert) nicht auf zu bluten",
        r"bewusstlos", r"ohnmacht", r"ohnmachtig", r"ohnmaechtig", r"nicht ansprechbar",
        r"(wacht|reagiert) nicht", r"krampfanfall", r"selbstmord", r"suizid", r"umbring",
        r"(will|mochte|moechte) (\w+ )?sterben", r"(uber|ueber)dosis", r"vergift",
        r"allergische[rn]? (reaktion|schock)", r"bringe (mich|ihn|sie|jemanden) um\b",
        r"blute (\w+ )?(stark|sehr|viel|heftig)", r"(stirbt|sterbe)\b", r"verblut",
    ],
    "pt": [
        rf"{NO_CONTACT}emergencia", rf"{NO_CONTACT}urgencia",
        r"ambulancia", r"samu\b", r"nao (consigo|consegue) respirar",
        r"nao (esta |ta )?respira", r"dificuldade (para|de|em|pra) respirar", r"falta de ar\b",
        r"sufoc", r"engasg", r"dor(es)? (\w+ )?no peito", r"peito doi", r"infarto", r"enfarte",
        r"ataque cardiaco", r"avc\b", r"derrame", r"sangr\w+ (\w+ )?(muito|sem parar)",
        r"(muito|bastante) sangue", r"nao para de sangrar", r"hemorragia", r"inconsciente",
        r"desmai", r"nao (responde|acorda|reage)", r"morrendo\b", r"convuls", r"suicid",
        r"me matar", r"quero morrer", r"tirar a (minha )?vida", r"overdose", r"envenen",
        r"reacao alergica",
    ],
}  # fmt: skip
ALARM = re.compile(
    r"\b(?:" + "|".join(dict.fromkeys(sign for signs in SIGNS.values() for sign in signs)) + ")"
)


def is_raised(said: JSON) -> bool:
    """Whether any text in `said` speaks of danger to a life."""
    return any(ALARM.search(" ".join(fold(text).split())) for text in texts(said))


def texts(value: JSON) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from texts(item)

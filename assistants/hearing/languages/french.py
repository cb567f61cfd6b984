"""French, of France and of Canada."""

from .language import WEEKDAY_AND_NUMBER, Language, entries, numbered, years

_NUMBERS = numbered(
    "un/une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize "
    "dix-sept/dix_sept dix-huit/dix_huit dix-neuf/dix_neuf vingt vingt_et_un/vingt-et-un "
    "vingt-deux/vingt_deux vingt-trois/vingt_trois vingt-quatre/vingt_quatre "
    "vingt-cinq/vingt_cinq vingt-six/vingt_six vingt-sept/vingt_sept vingt-huit/vingt_huit "
    "vingt-neuf/vingt_neuf trente trente_et_un/trente-et-un"
) | {"quarante": "40", "quarante-cinq": "45", "quarante cinq": "45", "cinquante": "50"}

FRENCH = Language(
    code="fr",
    table=_NUMBERS
    | years(_NUMBERS, "deux mille ", "de deux mille ")
    | entries(
        ("apres-demain|apres demain", "the day after tomorrow"),
        ("aujourd'hui|aujourdhui", "today"),
        ("ce matin", "this morning"),
        ("cet apres-midi|cet apres midi|cette apres-midi", "this afternoon"),
        ("ce soir|cette nuit", "tonight"),
        ("noel", "christmas"),
        ("la veille de noel", "christmas eve"),
        ("nouvel an|le nouvel an|jour de l'an", "new year's day"),
        ("matin|matinee", "morning"),
        ("apres-midi|apres midi", "afternoon"),
        ("soir|soiree", "evening"),
        ("le matin|du matin|dans la matinee|en matinee", "in the morning"),
        ("l'apres-midi|de l'apres-midi|dans l'apres-midi|de l'apres midi|l'apres midi",
         "in the afternoon"),
        ("le soir|du soir|en soiree|dans la soiree", "in the evening"),
        ("a midi|midi", "noon"),
        ("a minuit|minuit", "midnight"),
        ("demi|demie", "half"),
        ("quart", "quarter"),
        ("moins", "minus"),
        ("heure|heures", "oclock"),
        ("pile|precises", ""),
        ("la semaine prochaine|semaine prochaine", "next week"),
        ("en semaine", "weekdays"),
        ("le mois prochain|mois prochain", "next month"),
        ("l'annee prochaine|annee prochaine|l'an prochain", "next year"),
        ("prochain|prochaine", "comingornext"),
        ("en huit", "week"),
        ("en quinze", "fortnight"),
        ("quinze jours|huit jours|mar|mars prochain", None),
        ("ce|cet|cette|ces", "this"),
        ("ce week-end|ce weekend", "this weekend"),
        ("le week-end|le weekend", "the weekend"),
        ("premier|er", "first"),
        ("deuxieme", "second"),
        ("troisieme", "third"),
        ("dernier|derniere", "last"),
        ("la fin du mois|fin du mois|a la fin du mois", "the end of the month"),
        ("debut|le debut", "the start"),
        ("fin|la fin", "the end"),
        ("dans", "in"),
        ("apres", "after"),
        ("a partir de|des", "not before"),
        ("avant", "before"),
        ("entre", "between"),
        ("vers|autour de|aux environs de|environ", "around"),
        ("jusqu'a", "until"),
        ("et", "and"),
        ("ou|ou bien", "or"),
        ("a", "at"),
        ("le|la|l'|les", "the"),
        ("de|du|d'", "of"),
        ("pas|ne|n'|sauf|jamais|aucun|excepte", "not"),
        ("pardon|excusez[- ]moi|je veux dire|ou plutot", "sorry"),
        ("non", "not"),
        ("je ne peux pas|pas possible", "not"),
        ("tous les|toutes les|chaque", "every"),
        ("plus tard", "later"),
        ("n'importe quel jour", "any day"),
        ("n'importe quelle heure", "any time"),
        ("je voudrais|j'aimerais|je veux|je souhaite|je souhaiterais|il me faut|j'ai besoin"
         "|un rendez-vous|rendez-vous|un rendez vous|rendez vous|rdv|un rdv|pour|s'il vous plait"
         "|s'il te plait|svp|merci|bonjour|bonsoir|c'est|ca serait|ce serait|serait|plutot"
         "|si possible|si c'est possible|est-ce possible|est-ce que|possible|oui|peut-etre|euh"
         "|alors|prendre|avoir|venir|je peux|vous avez|avez-vous|quelque chose|disons|ben|bien"
         "|est|ca va|parfait", ""),
    ),
    order=((r"\b(\d\d?)first\b", r"\1st"), WEEKDAY_AND_NUMBER),
    soonest=(
        "des que possible", "le plus tot possible", "au plus tot", "au plus vite",
        "n'importe quand", "n'importe quel jour", "quand vous voulez", "quand vous pouvez",
        "le premier rendez-vous disponible", "le premier creneau disponible",
        "la premiere disponibilite", "le prochain rendez-vous disponible", "peu importe",
        "le plus rapidement possible",
    ),
)  # fmt: skip

"""Months and weekdays, by number."""

from __future__ import annotations

from qa.check.facts.lists import listed, numbered

MONTHS = numbered(
    """
    jan january januar janvier januara января јануар
    feb february februar fevrier februara февраля фебруар
    mar march marz mars mart marta марта март
    apr april avril aprila апреля април
    may mai maj maja мая маи
    jun june juni juin juna июня јун
    jul july juli juillet jula июля јул
    aug august aout avgust avgusta августа август
    sep sept september septembre septembar septembra сентября септембар
    oct october oktober octobre oktobar oktobra октября октобар
    nov november novembre novembar novembra ноября новембар
    dec december dezember decembre decembar decembra декабря децембар
    """
)
# A preposition and one of these is a month without a day or year: in March.
FULL_MONTHS = listed(
    """
    january february march april may june july august september october november december
    """
)
BEFORE_MONTH = listed(
    """
    in since by until till from to of and during last next this early late mid before after between
    through
    """
)
WEEKDAYS = numbered(
    """
    monday montag lundi ponedeljak
    tuesday dienstag mardi utorak
    wednesday mittwoch mercredi sreda
    thursday donnerstag jeudi cetvrtak
    friday freitag vendredi petak
    saturday samstag samedi subota
    sunday sonntag dimanche nedelja
    """
)

"""The words that titles, roles, bodies and names are made of."""

from __future__ import annotations


def listed(words: str) -> frozenset[str]:
    """A list of words, as it is written: "of the" -> {"of", "the"}."""
    return frozenset(words.split())


# --- titles and roles ---

HONORIFICS = listed(
    """
    capt col dame doctor dr frau gen gospodin gospodja gov herr lady lord m madame miss mister
    mme monsieur mr mrs ms prof rep sen sir st господин госпожа
    """
)
ROLES = listed(
    """
    ambassador analyst attaché author captain ceo chair chairman chairwoman chancellor chief coach
    colonel commander commissioner congressman congresswoman consul deputy diplomat director
    economist editor envoy expert founder general governor head historian journalist judge king
    lawmaker lawyer leader manager mayor minister officer official president prince princess
    professor prosecutor queen representative researcher scientist secretary senator sergeant
    speaker spokesman spokesperson spokeswoman
    botschafter botschafterin kanzler kanzlerin präsident präsidentin sprecher sprecherin
    ambassadeur ambassadrice ministre président présidente
    ambasador ministar ministarka portparol predsednica predsednik
    министр посол президент
    """
)
TITLES = ROLES | HONORIFICS
ALSO_ADJECTIVES = listed("chief expert general official")
# Firms and places have these in their names: General Motors, King County, St. Petersburg.
WEAK_TITLES = ALSO_ADJECTIVES | listed("author head king prince princess queen st")
MEN = listed("chairman congressman herr king lord monsieur mr prince sir spokesman президент")
WOMEN = listed("chairwoman dame frau lady madame miss mme mrs ms princess queen spokeswoman")

# --- what stands before a role ---

DETERMINERS = listed("a an das der die la le l’ ovaj taj that the this")
PREFIXES = listed("deputy prime vice")
ADJECTIVES = PREFIXES | listed(
    """
    acting chief current defence defense economic executive federal finance foreign former general
    interior leading local military national new official opposition permanent political press
    regional ruling senior special state then-serving top
    """
)

# --- bodies and places ---

BODIES = listed(
    """
    agency analysts army bank club committee company council court department embassy experts firm
    government ministry observers office officials parliament party police prosecutors report
    researchers statement study team union university
    """
)
NOT_A_PERSON = listed(
    """
    academy act affairs africa agency agreement alliance america army asia assembly association
    balkans bank board bureau center centre chamber charter church city club college commission
    committee company conference congress convention corp corporation council country court daily
    department division east eastern embassy europe european federation forces foundation front
    fund government group herald hospital house inc institute international journal league limited
    ltd media ministry movement museum nation national nations network new news north northern
    office online organisation organization parliament party police post press republic resolution
    reuters school security senate service society south southern state states street summit team
    television times treaty tribunal tribune tv union united university war watch west
    """
)
# In surnames, too, but not where there is nothing but a given name to show a person.
PERHAPS_NOT_A_PERSON = NOT_A_PERSON | listed(
    """
    airlines airport beach bridge brothers brewery capital castle chronicle consulting electric
    energy foods gazette holdings hotel industries island islands labs lake magazine motors mountain
    partners pictures records restaurant river road sons square stadium studios systems technologies
    trust valley world
    """
)
TWO_WORD_PLACES = listed("costa east el foreign great new north san saudi south sri united west")

# --- names ---

PARTICLES = listed("al bin da de del della den der di dos du el ibn la le ten van von")
ARTICLES = listed("das der die la le les the")
NO_NAMES = listed(
    """
    according april asked august commenting december earlier february friday however instead
    january july june later laut march meanwhile monday nevertheless november now october prema
    saturday selon september similarly speaking still sunday then thursday today tomorrow tuesday
    wednesday when yesterday по
    """
)
NICKNAMES = """
    aleksandar aleksander aleksandr sasa sasha
    anthony tony
    beth elizabeth liz
    bill will william
    bob rob robert
    james jim
    joe joseph
    michael mike
    vladimir volodymyr
"""
# Not those that are as often a firm's or a place's: Morgan, Charlotte, Victoria, Christian.
GIVEN_NAMES = listed(
    """
    aaron abdul abdullah abigail adam adrian ahmad ahmed aisha alan albert aleksandar aleksander
    alessandro alex alexander alexandra alexei alexis alice alicia alison amanda amy ana anastasia
    andrea andreas andrei andrej andrew andy angela anja ann anna anne annie anthony antoine anton
    antonio antónio arjun arthur astrid ayesha barbara beatrice ben benjamin bernard bernd beth
    bill birgit björn bob bojan boris branko brendan brian bruce caroline catherine cecilia charles
    chloe chris christina christine christopher claire claudia colin craig daniel daniela darko
    david deborah dejan denis diana diego dimitri dmitry dominique donald dorothy douglas dragan
    edward ekaterina elena elisabeth elizabeth ella ellen emily emma emmanuel eric erik eva evelyn
    fatima fernando fiona francesca francesco francisco frank françois frédéric gabriel gary
    gavin geoffrey george gerald gerhard giorgia giovanni giulia giuseppe goran gordon greg gregory
    guillaume guy hannah hans harold harry hassan heather heinrich helen helena henri henry howard
    hussein ian ibrahim igor ilya irina isabel isabella ivan ivana ivica jack jacob jacques jake
    james jan jane janet javier jean jeff jeffrey jelena jennifer jens jeremy jerome jessica jim
    joachim joan joanna joe joel johan johann john jonas jonathan jorge josé joseph josh joshua
    jovan juan judith julia julian julie jürgen karen karin karl kate katarina katherine kathryn
    keith kelly kenneth kevin khalid kim klaus konstantin kyle lars laura lauren laurent lee leila
    leo leonid linda lisa liz lorenzo luca lucas lucy luis luke lynn maja manuel marc marcel marco
    margaret maria marie mario marija marina mark marko marta martha martin martina mary matteo
    matthew mehmet melissa michael michel michelle miguel mike mikhail milan milena miloš mirjana
    miroslav mohamed mohammad mohammed monica mustafa nadia nancy naomi narendra natalia natalie
    natasha neil nicholas nick nicola nicolas nicole nikola nikolai nina noah oleg oleksandr olga
    oliver olivia olivier oscar pablo pamela patricia patrick paul paula pavel pedro peter petra
    philip philippe pierre pieter priya rachel radovan rafael rajesh rebecca ricardo richard robert
    roberto robin roger roman ronald ruth ryan sabine saša sally sam samantha samuel sanjay sara
    sarah scott sean sebastian serge sergei sergio simon simone slobodan sofia sonia sophie stefan
    stephanie stephen steve steven stuart sunil susan suzanne svetlana sven tamara tanja tatiana
    ted teresa theresa thomas tim timothy tina tobias tom tomas tony tracy ulrich ursula valentina
    vanessa vasily vera veronica victor viktor vincent vivian vlad vladimir volodymyr walter wayne
    wendy werner wilhelm will william wolfgang xi yusuf yves zoe zoran
    """
)

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
    activist adviser advisor ambassador analyst archaeologist architect astronomer attaché author
    biologist captain ceo chair chairman chairwoman chancellor chemist chief coach colonel columnist
    commander commissioner congressman congresswoman consul deputy diplomat director economist
    editor engineer envoy expert founder general geologist governor head historian journalist judge
    king lawmaker lawyer leader manager mayor minister officer official philosopher physicist poet
    politician president prince princess professor prosecutor psychologist queen reporter
    representative researcher scholar scientist secretary senator sergeant sociologist speaker
    spokesman spokesperson spokeswoman surgeon writer
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
    airlines airport beach brewery bridge brothers capital castle chronicle consulting electric
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
    aaron abdul abdullah abigail adam adolf adrian ahmad ahmed aisha alan alastair albert aleksandar
    aleksander aleksandr alessandro alex alexander alexandra alexei alexis ali alice alicia alison
    amanda amy ana anastasia andrea andreas andrei andrej andrew andy angela angus anja ann anna
    anne annie anthony antoine anton antónio antonio arjun arthur astrid ayesha barack barbara
    beatrice ben benito benjamin bernard bernd bernie beth bill billy birgit björn bob bobby bojan
    boris branko brendan brian bruce callum carly caroline catherine cecilia charles charlie chloe
    chris christina christine christopher claire claudia colin craig daniel daniela danny darko
    david deborah dejan denis derek diana diego dimitri dmitry dominique donald dorothy douglas
    dragan ed edward eileen ekaterina eleanor elena elisabeth elizabeth ella ellen emily emma
    emmanuel eric erik ernst erwin eva evelyn fatima fernando fiona francesca francesco francisco
    françois frank fred frédéric frederick gabriel gary gavin geoffrey george gerald gerhard gerry
    giorgia giovanni giulia giuseppe goran gordon greg gregory guillaume guy hamish hannah hans
    harold harry hassan heather heinrich helen helena henri henry hillary howard hussein ian ibrahim
    igor ilya irina isabel isabella ivan ivana ivica jack jacob jacques jake james jan jane janet
    javier jean jeff jeffrey jelena jennifer jens jeremy jerome jessica jim jimmy joachim joan
    joanna joe joel johan johann johannes john johnny jonas jonathan jorge josé joseph josh joshua
    jovan juan judith jules julia julian julie jürgen kaja kamala karen karin karl katarina kate
    katherine kathryn keir keith kelly kenneth kevin khalid kim klaus konstantin kyle lars laura
    lauren laurent lee leila leo leonard leonid linda lisa liz lorenzo louie luca lucas lucy luis
    luke lynn maja manuel marc marcel marco margaret maria marie marija marina mario mark marko
    marta martha martin martina mary matteo matthew mehmet melissa mette michael michel michelle
    miguel mike mikhail milan milena miloš mirjana miroslav mitch mohamed mohammad mohammed monica
    mustafa nadia nancy naomi narendra natalia natalie natasha neil nicholas nick nicola nicolas
    nicole nigel nikola nikolai nina noah norman olaf oleg oleksandr olga oliver olivia olivier
    oscar pablo pamela patricia patrick paul paula pavel pedro percy peter petra philip philippe
    pierre pieter priya rachel radovan rafael rajesh rebecca recep ricardo richard rishi robert
    roberto robin roger roland roman ronald ruth ryan sabine sally sam samantha samuel sanjay sara
    sarah saša scott sean sebastian serge sergei sergio simon simone slobodan sofia sonia sophie
    stefan stepan stephanie stephen steve steven stuart sunil susan suzanne sven svetlana tamara
    tanja tatiana ted teresa theodore theresa thomas tim timothy tina tobias tom tomas tommy tony
    tracy ulrich ursula valentina vanessa vasily vera veronica victor viktor vincent vivian vlad
    vladimir volodymyr walter wayne wendy werner wilhelm will william wolfgang xi yusuf yves zoe
    zoltán zoran
    """
)

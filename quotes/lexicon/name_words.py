"""The word lists for names, as typed attributes, so that the type checker finds misspelled ones."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from attrs import fields, frozen

if TYPE_CHECKING:
    from quotes.lexicon.load import Lexicon


@frozen
class NameWords:
    """The lists of `patterns/<lang>/` whose ids begin with "names-", each under the rest of its id, as a set."""

    abbreviation: frozenset[str]
    """Shortenings whose full stop ends no sentence."""
    adjective: frozenset[str]
    """Capitalised words of nation, creed or party that are not names."""
    adverb: frozenset[str]
    """Small words between a noun and its relative clause."""
    after_noun: frozenset[str]
    """Adjectives that follow the noun they go with: a person close to the talks, officials familiar with them."""
    also_nouns: frozenset[str]
    """Forms of words of saying that are nouns as well, and so may be in a description before a name."""
    agent: frozenset[str]
    """Nouns of doers that mean people as well as bodies: the operator."""
    another: frozenset[str]
    """Words after the article with which a description introduces another person: the second witness, the other
    driver."""
    article: frozenset[str]
    """The definite article, before the name of a paper or a body."""
    auxiliary: frozenset[str]
    """Verbs that show the name before them to be a subject."""
    body_part: frozenset[str]
    """Parts of an organization that speak for it, and are not listed as organizations."""
    capital_acronym: frozenset[str]
    """Acronyms that are small words in small letters: the WHO, the US."""
    clause_opener: frozenset[str]
    """Words that open a clause and so end a noun phrase, though they are listed as prepositions."""
    compound_modifier: frozenset[str]
    """Endings of words before a name that are not part of it: Piraeus-based Kalliope Maritime, Fijian-born Sitiveni
    Waqa."""
    copula: frozenset[str]
    """Verbs of roles in a clause after a name: Lee, who was a clerk."""
    definite: frozenset[str]
    """Determiners that point back."""
    description_edge: frozenset[str]
    """Words that end no description before a name: they lead on to something else."""
    description_opener: frozenset[str]
    """Words other than articles that open a description behind a name: Lee, then a clerk, ….; Roe, one of three
    heirs."""
    corporate: frozenset[str]
    """Words that make a name a company's, and may be left out of it."""
    determiner: frozenset[str]
    """Determiners that open a noun phrase."""
    document_noun: frozenset[str]
    """Nouns for what is written, posted, published or filed."""
    dotted: frozenset[str]
    """Suffixes of surnames that keep their full stop."""
    function_word: frozenset[str]
    """Words that end a noun phrase: prepositions, conjunctions, auxiliaries."""
    generation: frozenset[str]
    """Suffixes of surnames that are dropped when names are compared."""
    given_f: frozenset[str]
    """Given names almost only of women; weak evidence of gender."""
    given_m: frozenset[str]
    """Given names almost only of men; weak evidence of gender."""
    group_noun: frozenset[str]
    """Plural nouns for people."""
    indefinite: frozenset[str]
    """Determiners that introduce a new person."""
    joined_particle: frozenset[str]
    """Small words that a hyphen or an apostrophe joins to a name: el-Sherif, d'Estaing."""
    kin: frozenset[str]
    """Nouns of family relations: the bare surname does not mean people introduced by them."""
    kin_plural: frozenset[str]
    """Plural nouns of relations, before several names."""
    known_org: frozenset[str]
    """Names of bodies without a word for a body, in lower case: companies, charities, and seats named for those
    who sit there."""
    many: frozenset[str]
    """Words for several people: none of those named after them is meant alone."""
    midverb: frozenset[str]
    """Adverbs between a subject and its verb."""
    name_join: frozenset[str]
    """Small words inside the names of bodies and works, never at their ends: Bank of England, Guns for Hire."""
    no_role: frozenset[str]
    """Words that point to one of several without describing them: said another, Ole Lie; said the fourth, Ilse
    Brouwer."""
    not_apposed: frozenset[str]
    """Beginnings of words after a name and a comma that belong to the name: Lee, Jr., Lee, Inc., Lee, LLC."""
    not_name: frozenset[str]
    """Words that may be capitalised, or begin a sentence, without being part of a name."""
    numeral: frozenset[str]
    """Numbers after a name, in capitals: Henry Roe III."""
    office_acronym: frozenset[str]
    """Offices in capitals, which are no bodies: the CEO, an MP."""
    office_object: frozenset[str]
    """Words for the area of an office: Secretary of State, Minister of Foreign Affairs."""
    office_opener: frozenset[str]
    """Words before an office that is not part of a name: the Minister, a Republican."""
    one: frozenset[str]
    """Determiners that introduce one person or thing."""
    org_connector: frozenset[str]
    """Small words inside an organization's name."""
    org_ending: frozenset[str]
    """Last words that make a name of several an organization's, unless it begins with a given name: Halden Foods."""
    org_head: frozenset[str]
    """Words after which an organization's name continues through of, for, on and the."""
    org_noun: frozenset[str]
    """Common nouns for organizations; `the agency` is looked up among the article's organizations."""
    org_word: frozenset[str]
    """Words that make a capitalised name an organization's."""
    particle: frozenset[str]
    """Small words inside a person's name."""
    partitive: frozenset[str]
    """Openings of a description of one of many: one of its founders."""
    party_noun: frozenset[str]
    """Words for members of a party; a weaker description than an office."""
    past: frozenset[str]
    """Words that say a role is over."""
    place: frozenset[str]
    """Countries, capitals and the like: speakers for their governments, never persons."""
    place_preposition: frozenset[str]
    """Words before a place at the beginning of a sentence: In Kyrna, the president, Ana Lee, said."""
    plural_title: frozenset[str]
    """Titles before several names."""
    possessive_pronoun: frozenset[str]
    """Pronouns that open a description by a relation to another person: his brother, our landlord."""
    postnominal: frozenset[str]
    """Letters after a name that are not part of it: Helena Marsh QC, Rory Quill MBE, Ana Roe MP."""
    preposition: frozenset[str]
    """Prepositions that follow a role's head: spokesman for, director of."""
    pronoun_f: frozenset[str]
    """She and its forms."""
    pronoun_m: frozenset[str]
    """He and its forms."""
    pronoun_object: frozenset[str]
    """Forms of he and she that are objects only: in "one member dared him to say so" he is not the member."""
    pronoun_they: frozenset[str]
    """They and its forms."""
    pronoun_two: frozenset[str]
    """Pronouns that refer to two people."""
    pronoun_who: frozenset[str]
    """Relative pronouns."""
    rank_grade: frozenset[str]
    """Grades behind a rank: Sgt. 1st Class Lee Pardo."""
    role_f: frozenset[str]
    """Roles only of women."""
    role_join: frozenset[str]
    """Words that join the parts of an office: director of the board, adviser on energy to the mayor."""
    role_m: frozenset[str]
    """Roles only of men."""
    role_modifier: frozenset[str]
    """Words before a role noun that do not end the phrase."""
    nameless: frozenset[str]
    """Nouns of sources whose name is kept back."""
    nobody: frozenset[str]
    """Words for no person."""
    part_noun: frozenset[str]
    """What part somebody has in an event, or of which age they are: the victim, the boy."""
    role_noun: frozenset[str]
    """Nouns for what a person is or does; the head of a role."""
    role_object: frozenset[str]
    """Prepositions before the area of an office: minister for health, adviser to the mayor."""
    speech_verb: frozenset[str]
    """Common verbs of saying, used to see that a name is a subject."""
    suffix: frozenset[str]
    """Words that may follow a surname."""
    vocative: frozenset[str]
    """Offices used as an address after a courtesy title: Mr. President is not a name."""
    which: frozenset[str]
    """Relative pronouns of bodies and things: Orbo, which makes pumps."""
    who_verb: frozenset[str]
    """Verbs after `who` that introduce an occupation."""

    @cached_property
    def verb(self) -> frozenset[str]:
        """Verbs that show the name before them to be a subject, those of saying among them."""
        return self.speech_verb | self.auxiliary

    @cached_property
    def governor(self) -> frozenset[str]:
        """Prepositions that a noun or name may hang on: of and from, but not who."""
        return self.preposition - self.clause_opener

    @cached_property
    def noun_modifier(self) -> frozenset[str]:
        """Words before a noun within its phrase."""
        return self.role_modifier | self.adjective

    @cached_property
    def opener(self) -> frozenset[str]:
        """Words that open a description behind a name."""
        return self.determiner | self.description_opener

    @classmethod
    def of(cls, lexicon: Lexicon) -> NameWords:
        """Take the lists of a language.

        Raises:
            PatternError: if one is in no file; the message names it.
        """
        ids = {field.name: f"names-{field.name.replace('_', '-')}" for field in fields(cls)}
        return cls(**{name: lexicon.word_set(id) for name, id in ids.items()})

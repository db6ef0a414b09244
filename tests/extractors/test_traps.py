"""Sentences in the manner of the Union's documents in which dates and states stand among what only looks like them."""

import pytest

from extractors.dates.finder import find_dates
from extractors.states.finder import find_states
from extractors.views import plain_view

# The sentence, the dates as EDTF, the codes of the states.
TRAPS = [
    (
        "Council Decision (CFSP) 2021/748 of 6 May 2021 admits Canada (OJ L 160, 7.5.2021, p. 106).",
        "2021-05-06 2021-05-07",
        "CA",
    ),
    (
        "Ireland ratified Protocol No 14/2010 on 1.9.2011, i.e. 12 months after the 2010 summit.",
        "2011-09-01 2010",
        "IE",
    ),
    ("In 2019/20, French shipyards delivered 2 019 t of steel to the Dutch navy.", "2019/2020", "FR NL"),
    ("Between Q4 2023 and Q2 2025 Spain will test 2025 units.", "2023-36/2025-34", "ES"),
    ("The Bank of Greece and Statistics Finland expect 2.3 % in 2024.", "2024", ""),
    (
        "Estonia's e-mail of 3 June (ref. Ares(2024)3987412) was answered on 14 June 2024.",
        "2024-06-03 2024-06-14",
        "EE",
    ),
    ("The FOC, first set for end-2023, then for mid-2025, slipped by 18 months.", "2023-12 2025-05~/2025-08~", ""),
    ("Tallinn Manual 2.0, Riga Summit 2006 and Lisbon Treaty (2009) are cited.", "2006 2009", ""),
    ("Malta and Denmark (which joined on 23 May 2023) follow the work.", "2023-05-23", "MT DK"),
    ("Report covers 1 January - 31 December 2024; data as at 31.3.2025.", "2024-01-01/2024-12-31 2025-03-31", ""),
    ("SE: Sweden; FI: Finland; the table uses EL for Greece.", "", "SE SE FI FI GR GR"),
    ("The Polish-Lithuanian-Ukrainian brigade trained with 2,100 troops in 2021.", "2021", "PL LT UA"),
    ("Rheinmetall Italia SpA and Leonardo Germany GmbH signed on 5.VII.2022.", "2022-07-05", ""),
    ("Since its launch in March 2018, and until the end of 2026, Portugal leads.", "2018-03 ../2026", "PT"),
    ("See Jordan, A. (2017), 'Turkey and the EU', Swiss Political Science Review 23(4), 2017.", "2017 2017", "TR"),
    ("From 2021 to 2027, EUR 1 946 million go to the EDF; in 2021 EUR 945 million.", "2021/2027 2021", ""),
    ("A Hungarian officer, a Czech and two Slovaks left on Monday, 4 March.", "", "HU CZ SK"),
    ("The deadline of 30 September was missed; it was 2023 before Cyprus replied.", "2023-09-30 2023", "CY"),
    ("Art. 42(6) TEU, Protocol No 10, recital 2022 and point 2023 do not apply.", "", ""),
    ("Operation EUNAVFOR MED IRINI and EUTM Somalia end in 2027 at the latest.", "../2027", ""),
    ("The Netherlands Organisation for Applied Scientific Research (TNO) joined in 2022.", "2022", ""),
    ("The Dutch Ministry of Defence and the Netherlands Ministry of Finance agreed.", "", "NL NL"),
    ("Deliveries: 2 in 2024, 3 in 2025 and 12 from 2026 onwards.", "2024 2025 2026/..", ""),
    ("By Q2 2026 or, at the latest, by the second half of 2026 IOC is due.", "../2026-34 ../2026-41", ""),
    ("No contribution was received from LU, MT or CY before 15/02/2025.", "../2025-02-15", "LU MT CY"),
    ("Luxembourg: Publications Office of the European Union, 2023. Printed in Belgium.", "2023", ""),
    ("The Romanian Presidency (January-June 2019) was followed by the Finnish one.", "2019-01/2019-06", "RO FI"),
    ("UNSCR 2231 (2015), UNSCR 1701 and the 2006 ceasefire in Lebanon.", "2006", "LB"),
    ("The 2022 Strategic Compass, the 2016 Global Strategy and the 2010s.", "2022 2016 2010/2019", ""),
    ("as of 1 January 2026 and not before 1 July 2025", "2026-01-01/.. 2025-07-01/..", ""),
    ("Le ministre français et la ministre allemande se sont réunis le 3 avril 2024.", "2024-04-03", "FR DE"),
    ("El Ministerio de Defensa de España publicó la Ley 8/2021 el 4 de junio de 2021.", "2021-06-04", ""),
    ("Die deutsche Marine und das Bundesministerium der Verteidigung (Berlin, 2023)", "2023", "DE"),
    ("Il governo italiano e la marina greca nel maggio 2022", "2022-05", "IT GR"),
    (
        "Austria, Belgium, ... , Spain and Sweden (25 Member States in 2018; 26 since 2023).",
        "2018 2023/..",
        "AT BE ES SE",
    ),
    (
        "The US, the UK, Norway and Türkiye are NATO Allies; the US-led exercise ran 1-12 June 2024.",
        "2024-06-01/2024-06-12",
        "US GB NO TR US",
    ),
    ("A+B in 2024+, 2023-based costs, pre-2020 levels and post-2027 MFF", "2024/.. 2023 ../2020 2027/..", ""),
    ("Meeting 17.30-18.45 on 12.06.25; room 2025; tel. 02 281 2019.", "2025-06-12", ""),
    ("Version 2.0 of 15-Nov-23, replacing version 1.2 of Mar-22.", "2023-11-15 2022-03", ""),
    ("The Finnish-Swedish border, the Franco-British treaty of 2010 and Anglo-Saxon law.", "2010", "FI SE FR GB"),
    ("Georgia, Moldova and Ukraine signed on June 27, 2014.", "2014-06-27", "GE MD UA"),
    ("The Baltic Sea, the Norwegian Sea, the English Channel and Cyprus", "", "CY"),
    ("FR, DE and IT (each 20 %) pay; IT systems cost EUR 2024.", "", "FR DE IT"),
    ("It was launched in 2019, reviewed in spring 2021 and again in autumn.", "2019 2021-21", ""),
    ("the period up to and including 2027; from now until 2030; through 2032", "../2027 ../2030 2032", ""),
    ("Greece asked in February, Italy in May and Spain in July 2024.", "2024-07", "GR IT ES"),
    (
        "Commission Implementing Regulation (EU) 2020/1207 of 19 August 2020, OJ L 273, 20.8.2020",
        "2020-08-19 2020-08-20",
        "",
    ),
    ("The University of Malta, Malta Enterprise and Air Malta are in Malta.", "", "MT"),
    ("Naval Group (France), Saab (Sweden) and Indra (Spain) bid in 2023-24.", "2023/2024", "FR SE ES"),
    ("Mr Poland of Poland Street met Mr Holland in 2020.", "2020", ""),
    ("IOC: 2026 (previously 2024). FOC: 2029 (tbc).", "2026 2024 2029~", ""),
    ("mid-term review in the 2024-2025 cycle, phase II (2026-...)", "2024/2025 2026", ""),
    ("The Irish Times, the German Law Journal, the German Navy and German industry", "", "DE DE"),
    (
        "Tests ran on 3, 4 and 5 May 2023 and from 29 May to 2 June 2023.",
        "2023-05-03 2023-05-04 2023-05-05 2023-05-29/2023-06-02",
        "",
    ),
    ("The third and fourth quarters of 2025; the last quarter of 2026", "2025-35 2025-36 2026-36", ""),
    ("In financial year 2024-25 Irish spending rose by 2024 euro.", "2024/2025", "IE"),
    ("Bosnia and Herzegovina, North Macedonia and Kosovo* (1244/1999)", "", "BA MK XK"),
    ("Slovenia (SI), Slovakia (SK) and Latvia (LV) joined on 11 December 2017.", "2017-12-11", "SI SI SK SK LV LV"),
    ("Post-Brexit Britain, the Swiss Confederation and the Holy See", "", "GB CH VA"),
    ("COM(2022) 60 final of 15.2.2022; SWD(2023) 2024; JOIN/2022/24", "2022-02-15", ""),
    ("no fewer than 2 023 sailors and 1 990 marines from Spain in 2023", "2023", "ES"),
    ("the Italian Republic (hereinafter 'Italy') and the Kingdom of the Netherlands", "", "IT IT NL"),
]


@pytest.mark.parametrize(("text", "dates", "states"), TRAPS)
def test_traps(text: str, dates: str, states: str) -> None:
    view = plain_view(text)
    assert " ".join(hit.values[0] for hit in find_dates(view).hits) == dates
    assert " ".join(hit.values[0] for hit in find_states(view).hits) == states

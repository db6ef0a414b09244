"""Covers of documents, and what a reader takes from them: kind, state, year and own date."""

COVERS: tuple[tuple[str, str, str | None, int | None, str | None], ...] = (
    ("National Implementation Plan of Latvia 2026\nRiga, 15 January 2026\nPESCO", "nip", "LV", 2026, "2026-01-15"),
    ("PESCO NIP - Estonia\nTallinn, 15 January 2026", "nip", "EE", 2026, "2026-01-15"),
    (
        "PESCO National Implementation Plan 2026\nMinistry of Defence of the Republic of Bulgaria\nSofia, January 2026",
        "nip",
        "BG",
        2026,
        "2026-01",
    ),
    (
        "National Implementation Plan 2025-2029\nKingdom of Spain\nMadrid, 20 January 2025\nPESCO commitments",
        "nip",
        "ES",
        2025,
        "2025-01-20",
    ),
    (
        "Nationaler Umsetzungsplan 2026\nBundesrepublik Deutschland\nBerlin, den 12. Januar 2026\nSSZ",
        "nip",
        "DE",
        2026,
        "2026-01-12",
    ),
    (
        "Plan national de mise en \u0153uvre 2026\nR\u00e9publique fran\u00e7aise\nParis, le 14 janvier 2026\nCSP",
        "nip",
        "FR",
        2026,
        "2026-01-14",
    ),
    (
        "National Implementation Plan 2024\nTranslated from Portuguese\nLisbon, 10 January 2024\nPESCO",
        "nip",
        "PT",
        2024,
        "2024-01-10",
    ),
    (
        "National Implementation Plan\n2026\nPESCO\n"
        "This plan was approved by the Government of Croatia on 9 January 2026.",
        "nip",
        None,
        2026,
        "2026-01-09",
    ),
    ("National Implementation Plan 2026\nPESCO\nFrance and Germany", "nip", None, 2026, None),
    ("Annual Report on PESCO 2026\nBrussels, 10 July 2026", "annual_report", None, 2026, "2026-07-10"),
    (
        "Council of the European Union\nBrussels, 15 July 2026\n(OR. en)\nCOVER NOTE\n"
        "Subject: Annual Report on the status of PESCO implementation",
        "annual_report",
        None,
        2026,
        "2026-07-15",
    ),
    (
        "OJ L, 12.5.2026\nCOUNCIL DECISION (CFSP) 2026/1100\nof 8 May 2026\namending Decision (CFSP) 2018/340 "
        "establishing the list of projects to be developed under PESCO\nTHE COUNCIL OF THE EUROPEAN UNION,\n"
        "Having regard to Decision (CFSP) 2017/2315 of 11 December 2017,\nDone at Brussels, 8 May 2026.",
        "list_decision",
        None,
        2026,
        "2026-05-08",
    ),
    (
        "12.5.2026\nEN\nOfficial Journal of the European Union\nCOUNCIL DECISION (CFSP) 2026/1100 of 8 May 2026 "
        "amending Decision (CFSP) 2018/340 of 6 March 2018\nTHE COUNCIL OF THE EUROPEAN UNION,\nPESCO",
        "list_decision",
        None,
        2026,
        "2026-05-08",
    ),
    (
        "COUNCIL DECISION (CFSP) 2021/1144\nof 6 May 2021\non the participation of Canada in the PESCO project "
        "Military Mobility\nTHE COUNCIL OF THE EUROPEAN UNION,\nDone at Brussels, 6 May 2021.",
        "other",
        None,
        None,
        "2021-05-06",
    ),
    (
        "COUNCIL RECOMMENDATION\nof 16 November 2026\nassessing the progress made under PESCO\nWhereas:",
        "recommendation",
        None,
        2026,
        "2026-11-16",
    ),
    (
        "PESCO Projects Progress Report 2026\nState of data: 31 May 2026. Issued on 30.06.2026.",
        "progress_report",
        None,
        2026,
        "2026-06-30",
    ),
    ("PESCO Projects Progress Report\nState of play: 31 May 2026", "progress_report", None, 2026, "2026-05-31"),
    ("PESCO\nFact sheet, May 2026\n26 participating Member States", "factsheet", None, 2026, "2026-05"),
    ("Factsheet: PESCO projects\nDecision of 11 December 2017", "factsheet", None, None, None),
    (
        "National Implementation Plan 2026, Sweden\nStockholm, 28 January 2026. Swedish Ministry of Defence, "
        "unit for IT.\nCommitments in area a\nDefence bill",
        "nip",
        "SE",
        2026,
        "2026-01-28",
    ),
    (
        "Sweden: National Implementation Plan for the year 2026\napproved by the Swedish Ministry of Defence on "
        "30 January 2026; cleared by staff\nCommitments in area b",
        "nip",
        "SE",
        2026,
        "2026-01-30",
    ),
    (
        "National Implementation Plan of Sweden 2026\nDate: 12 January 2026\nPESCO commitments",
        "nip",
        "SE",
        2026,
        "2026-01-12",
    ),
    (
        "National Implementation Plan 2026\nSweden\nIssued: 12 January 2026\nPESCO commitments",
        "nip",
        "SE",
        2026,
        "2026-01-12",
    ),
    (
        "Sweden\nNational Implementation Plan\n2026\nAdopted by the Government on 12 January 2026\nPESCO commitments",
        "nip",
        "SE",
        2026,
        "2026-01-12",
    ),
    (
        "Permanent structured cooperation: report for the year 2025 on the implementation of PESCO\nsubmitted by "
        "the High Representative, in accordance with Article 6(3) of Decision (CFSP) 2017/2315\nBrussels, 18 "
        "July 2025",
        "annual_report",
        None,
        2025,
        "2025-07-18",
    ),
    (
        "PESCO explained - factsheet\nFebruary 2026 | European Defence Agency, rue des Drapiers 17-23, 1050 Brussels",
        "factsheet",
        None,
        2026,
        "2026-02",
    ),
    (
        "PESCO NIP 2025-2029\nMinistry of Defence of the Republic of Lithuania\nVilnius, 15 January 2025",
        "nip",
        "LT",
        2025,
        "2025-01-15",
    ),
    (
        "National Implementation Plan 2025-2029\nKingdom of Belgium\nDated 20 January 2025\nPESCO commitments",
        "nip",
        "BE",
        2025,
        "2025-01-20",
    ),
    (
        "Czech National Implementation Plan\nPrague, 4 January 2024\nPESCO commitments",
        "nip",
        "CZ",
        2024,
        "2024-01-04",
    ),
    ("PESCO annual report for 2025\nBrussels, 3 February 2026", "annual_report", None, 2025, "2026-02-03"),
    (
        "PESCO Projects Progress Report\nIssued by the PESCO secretariat on 4 June 2026",
        "progress_report",
        None,
        2026,
        "2026-06-04",
    ),
    (
        "National Implementation Plan\nRepublic of Poland\nPESCO\nText.\nSigned in Warsaw on 14 January 2026",
        "nip",
        "PL",
        2026,
        "2026-01-14",
    ),
    (
        "National Implementation Plan\nHungary 2026\nThe Government adopted this plan on 14 January 2026.\nPESCO "
        "commitments",
        "nip",
        "HU",
        2026,
        "2026-01-14",
    ),
    ("PESCO projects - fact sheet | June 2026\nText", "factsheet", None, 2026, "2026-06"),
    (
        "Annual Report on the Status of PESCO Implementation\n2026\nPresented to the Council on 9 July 2026",
        "annual_report",
        None,
        2026,
        "2026-07-09",
    ),
    (
        "PESCO Annual Report 2026\nMilitary Mobility was launched on 6 March 2018. On 3 May 2026 ministers met.",
        "annual_report",
        None,
        2026,
        None,
    ),
    (
        "National Implementation Plan 2026\nPESCO\nFinland\nThis plan replaces that of 30 January 2025.",
        "nip",
        "FI",
        2026,
        None,
    ),
    (
        "National Implementation Plan of the Hellenic Republic for 2026\nAthens, 12 January 2026 – Hellenic "
        "Ministry of National Defence\nPESCO commitments",
        "nip",
        "GR",
        2026,
        "2026-01-12",
    ),
    (
        "Ireland's National Implementation Plan, 2026 edition\nDepartment of Defence, Dublin, 30 January "
        "2026\nPESCO commitments",
        "nip",
        "IE",
        2026,
        "2026-01-30",
    ),
    ("PESCO National Implementation Plan (NIP) 2026 – Malta\nValletta, January 2026", "nip", "MT", 2026, "2026-01"),
    (
        "Annual report 2025\nPermanent structured cooperation\nBrussels, 12 July 2025 (OR. en)",
        "annual_report",
        None,
        2025,
        "2025-07-12",
    ),
    (
        "Romania's plan for the implementation of the more binding commitments\nNational Implementation Plan "
        "2026\nBucharest, 2 February 2026",
        "nip",
        "RO",
        2026,
        "2026-02-02",
    ),
    (
        "Republic of Slovenia\nMinistry of Defence\nNATIONAL IMPLEMENTATION PLAN\nfor the year 2026\nLjubljana, "
        "January 2026\nDefence spending grew. Commitment 1 is met; CARD data were sent.",
        "nip",
        "SI",
        2026,
        "2026-01",
    ),
    (
        "NATIONAL IMPLEMENTATION PLAN 2025 – 2029\nHELLENIC REPUBLIC\nHellenic National Defence General "
        "Staff\nAthens, 31 January 2025\nDefence spending grew. Commitment 1 is met; CARD data were sent.",
        "nip",
        "GR",
        2025,
        "2025-01-31",
    ),
    (
        "Germany's National Implementation Plan 2026\nBerlin, 15.01.2026\nDefence spending grew. Commitment 1 is "
        "met; CARD data were sent.",
        "nip",
        "DE",
        2026,
        "2026-01-15",
    ),
    (
        "NIP 2026 Estonia\nVersion of 15 January 2026\nDefence spending grew. Commitment 1 is met; CARD data "
        "were sent.",
        "nip",
        "EE",
        2026,
        "2026-01-15",
    ),
    (
        "National Implementation Plan\nKingdom of Denmark\nDocument date: 15 January 2026\nDefence spending "
        "grew. Commitment 1 is met; CARD data were sent.",
        "nip",
        "DK",
        2026,
        "2026-01-15",
    ),
    (
        "Austrian NIP for 2026\nSubmitted on 15 January 2026 to the PESCO secretariat",
        "nip",
        "AT",
        2026,
        "2026-01-15",
    ),
    (
        "Poland - National Implementation Plan (update 2026)\nWarsaw, 15 January 2026\nDefence spending grew. "
        "Commitment 1 is met; CARD data were sent.",
        "nip",
        "PL",
        2026,
        "2026-01-15",
    ),
    (
        "National Implementation Plan of the Republic of Cyprus 2026\nText.\nNicosia, 20 January 2026\nThe "
        "Minister of Defence\nDefence spending grew. Commitment 1 is met; CARD data were sent.",
        "nip",
        "CY",
        2026,
        "2026-01-20",
    ),
    (
        "COUNCIL DECISION (CFSP) 2025/1234\nof 27 May 2025\namending Decision (CFSP) 2018/340 establishing the "
        "list of projects to be developed under PESCO\nTHE COUNCIL OF THE EUROPEAN UNION,",
        "list_decision",
        None,
        2025,
        "2025-05-27",
    ),
    (
        "Council Decision (CFSP) 2025/1234 of 27 May 2025 amending and updating Decision (CFSP) 2018/340 "
        "establishing the list of projects to be developed under permanent structured cooperation\nTHE COUNCIL",
        "list_decision",
        None,
        2025,
        "2025-05-27",
    ),
    (
        "COUNCIL RECOMMENDATION of 18 November 2026 assessing the progress made by the participating Member "
        "States to fulfil commitments undertaken in the framework of permanent structured cooperation "
        "(PESCO)\nTHE COUNCIL OF THE EUROPEAN UNION,",
        "recommendation",
        None,
        2026,
        "2026-11-18",
    ),
    ("PESCO PROJECTS PROGRESS REPORT\nJune 2026", "progress_report", None, 2026, "2026-06"),
    ("Progress report 2026 on the PESCO projects\nissued: 30/06/2026", "progress_report", None, 2026, "2026-06-30"),
    ("PESCO\nFACTSHEET\nLast updated: May 2026", "factsheet", None, 2026, "2026-05"),
    ("PESCO - Permanent Structured Cooperation\nFactsheet • 12 May 2026", "factsheet", None, 2026, "2026-05-12"),
    (
        "Report by the High Representative to the Council on the status of PESCO implementation 2026\nBrussels, "
        "3 July 2026\nHR(2026) 120",
        "annual_report",
        None,
        2026,
        "2026-07-03",
    ),
    (
        "HIGH REPRESENTATIVE OF THE UNION\nAnnual Report on the status of permanent structured cooperation, "
        "2024\n12 July 2024",
        "annual_report",
        None,
        2024,
        "2024-07-12",
    ),
    ("Italian Chamber of Deputies\nStudy: PESCO in 2024\nRome, 3 May 2024", "other", None, None, "2024-05-03"),
    ("Briefing\nPESCO: the annual report season\nMay 2024", "annual_report", None, 2024, "2024-05"),
    (
        "Progress Report on the national implementation plans for hydrogen\n2025\nThe commitments of the Union; "
        "defence; EDA",
        "other",
        None,
        None,
        None,
    ),
    (
        "National Implementation Plan for the Common European Asylum pact 2026\nMalta\nCommitments and funding "
        "of the Ministry of Home Affairs; defence counsel.",
        "other",
        None,
        None,
        None,
    ),
    (
        "National implementation plan for persistent organic pollutants, Slovakia 2026\nBratislava, 3 May "
        "2026\nThe armed forces keep PCB. Commitments under the Convention.",
        "other",
        None,
        None,
        "2026-05-03",
    ),
    ("", "other", None, None, None),
    ("Minutes of a meeting\nIn 2025 and on 3 March 2026 the group met.", "other", None, None, None),
)

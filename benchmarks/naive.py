# ruff: noqa - the peer is measured as somebody else wrote it
# fmt: off
"""What an engineer would write in an afternoon: pdfplumber text, a blank spaCy pipeline with an EntityRuler, a few regexes.
   afternoon.py OUT.db PDF...   -> view mentions(filename, page, kind, text, value), to be scored and timed against."""
import csv, re, sqlite3, sys, os, time
import pdfplumber, spacy
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FACTS = os.path.join(os.path.dirname(ROOT), "shared", "facts")
def build():
    nlp = spacy.blank('en'); pats = []
    for r in csv.DictReader(open(f'{FACTS}/projects.csv')):
        for n in {r['official_name'], *r['short_names'].split('|'), *r['other_names'].split('|')} - {''}:
            pats.append({'label': 'project', 'pattern': n, 'id': r['slug']})
    for r in csv.DictReader(open(f'{FACTS}/states.csv')):
        for n in {r['name_en'], *r['alt_names'].split('|'), *r['adjectives_demonyms'].split('|')} - {''}:
            pats.append({'label': 'state', 'pattern': n, 'id': r['iso2']})
    nlp.add_pipe('entity_ruler').add_patterns(pats); return nlp
MON = {m: i + 1 for i, m in enumerate('January February March April May June July August September October November December'.split())}
DATE = re.compile(r'(?:(\d{1,2}) )?(%s) (\d{4})|\b(20[1-4]\d)[-–](20[1-4]\d)\b|\b(\d{1,2})\.(\d{1,2})\.(20\d\d)\b|\b(20[1-4]\d)\b' % '|'.join(MON))
COM = re.compile(r'[Cc]ommitments? ((?:\d{1,2}(?:, | and | to |-|–)?)+)')
def dates(t):
    for m in DATE.finditer(t):
        if m[2]: yield m[0], f'{m[3]}-{MON[m[2]]:02d}' + (f'-{int(m[1]):02d}' if m[1] else '')
        elif m[4]: yield m[0], f'{m[4]}/{m[5]}'
        elif m[6]: yield m[0], f'{m[8]}-{int(m[7]):02d}-{int(m[6]):02d}'
        else: yield m[0], m[9]
def commitments(t):
    for m in COM.finditer(t):
        for a, b in re.findall(r'(\d+)(?:(?: to |-|–)(\d+))?', m[1]):
            for n in range(int(a), int(b or a) + 1):
                if 1 <= n <= 20: yield m[0], str(n)
def main(out, files):
    nlp = build(); db = sqlite3.connect(out); db.execute('create table mentions(filename, page, kind, text, value)'); n = 0; t0 = time.time()
    for f in files:
        rows = []
        with pdfplumber.open(f) as pdf:
            for i, page in enumerate(pdf.pages, 1):
                t = page.extract_text() or ''; n += 1
                rows += [(os.path.basename(f), i, e.label_, e.text, e.ent_id_) for e in nlp(t).ents]
                rows += [(os.path.basename(f), i, 'date', a, v) for a, v in dates(t)]
                rows += [(os.path.basename(f), i, 'commitment', a, v) for a, v in commitments(t)]
                page.close()
        db.executemany('insert into mentions values(?,?,?,?,?)', rows); db.commit()
    print(n, 'pages', round(time.time() - t0, 1), 's')
main(sys.argv[1], sys.argv[2:])

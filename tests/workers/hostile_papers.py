"""A PDF for every door that the format leaves open, with what its copy is made without, and those that are refused."""

import zlib
from typing import Any

from pikepdf import Array, Dictionary, Encryption, Name, ObjectStreamMode, Pdf, String
from tests.workers.papers import (
    HIDDEN,
    SECRET,
    alert,
    annotation,
    ascii85,
    associated,
    attached,
    elsewhere,
    field,
    hidden,
    image,
    inherit,
    jpeg_2000,
    layer,
    media,
    metadata,
    noted_jpeg,
    outlines,
    packed,
    page,
    paper,
    postscript,
    put,
    reference,
    rewritten,
    root,
    signed,
    structure,
    thread,
    unreachable,
    written,
    xfa,
)

SCRIPTED = {"javascript", "actions"}
RGB, GRAY = Name.DeviceRGB, Name.DeviceGray


def link(**action: Any) -> bytes:
    return paper(annotation("Link", A=Dictionary(**action), Border=Array([0, 0, 0])))


ACTIVE: dict[str, tuple[bytes, set[str]]] = {
    "an ordinary scan": (paper(pages=3), set()),
    "a script on opening": (paper(root(OpenAction=alert())), SCRIPTED),
    "a script of the page": (paper(page(AA=Dictionary(O=alert()))), SCRIPTED),
    "scripts by name": (
        paper(root(Names=Dictionary(JavaScript=Dictionary(Names=Array([String("a"), alert()]))))),
        {"javascript"},
    ),
    "scripts of the document": (paper(root(AA=Dictionary(WC=alert(), DP=alert()))), SCRIPTED),
    "a program to start": (
        link(S=Name.Launch, F=String("SECRET.exe")),
        {"actions"},
    ),
    "a link": (link(S=Name.URI, URI=String("http://SECRET/")), {"links"}),
    "a link with a script": (paper(annotation("Link", A=alert())), {"javascript"}),
    "a base of links": (paper(root(URI=Dictionary(Base=String("http://SECRET/")))), {"links"}),
    "a form that is sent": (
        paper(field(drawn=True, FT=Name.Btn, A=Dictionary(S=Name.SubmitForm, F=String("http://SECRET/")))),
        {"form", "actions"},
    ),
    "data from elsewhere": (paper(root(OpenAction=Dictionary(S=Name.ImportData, F=String(SECRET)))), {"actions"}),
    "another file to go to": (
        link(S=Name.GoToR, F=String("//SECRET/share"), D=Array([0, Name.Fit])),
        {"actions"},
    ),
    "an attached file to go to": (
        link(S=Name.GoToE, T=Dictionary(R=Name.C, N=String(SECRET))),
        {"actions"},
    ),
    "actions one after another": (
        paper(root(OpenAction=Dictionary(S=Name.Named, N=Name.Print, Next=alert()))),
        {"javascript", "actions"},
    ),
    "a field with words in it": (paper(field(FT=Name.Tx, V=String("typed"))), {"form"}),
    "a field that counts": (
        paper(field(FT=Name.Tx, V=String("12"), AA=Dictionary(C=alert()))),
        {"javascript", "actions", "form"},
    ),
    "a field as it was drawn": (paper(field(drawn=True, FT=Name.Tx, V=String("typed"))), {"form"}),
    "a form of forms": (paper(xfa), {"form"}),
    "a signature": (paper(signed), {"form"}),
    "an attached program": (paper(attached), {"attachments"}),
    "associated files": (paper(associated), {"attachments"}),
    "a pin with a file": (
        paper(annotation("FileAttachment", drawn=True, FS=Dictionary(Type=Name.Filespec, F=String(SECRET)))),
        {"attachments"},
    ),
    "a portfolio": (paper(attached, root(Collection=Dictionary(D=String(SECRET)))), {"attachments"}),
    "rich media": (paper(annotation("RichMedia", **media())), {"media"}),
    "a model in space": (paper(annotation("3D", **media())), {"media"}),
    "a film": (paper(annotation("Movie", **media())), {"media"}),
    "a sound": (paper(annotation("Sound", **media())), {"media"}),
    "a screen with a rendition": (
        paper(annotation("Screen", **media(A=Dictionary(S=Name.Rendition, JS=String(SECRET))))),
        {"media", "javascript", "actions"},
    ),
    "a note": (paper(annotation("Text", drawn=True, Contents=String(SECRET), T=String(SECRET))), set()),
    "a frame without a drawing": (paper(annotation("Square", C=Array([0, 0, 1]), IC=Array([0, 1, 0]))), set()),
    "a hidden note": (paper(hidden), set()),
    "metadata": (paper(metadata), set()),
    "data of programs": (
        paper(root(PieceInfo=Dictionary(A=String(SECRET))), page(PieceInfo=Dictionary(A=String(SECRET)))),
        set(),
    ),
    "a thumbnail": (paper(lambda pdf: put(pdf.pages[0].obj, {"Thumb": pdf.make_stream(HIDDEN * 9)})), set()),
    "a table of contents": (paper(outlines), {"javascript"}),
    "words for those who hear": (paper(structure), set()),
    "threads": (paper(thread), set()),
    "effects": (paper(page(Trans=Dictionary(S=Name.Fly), Dur=1, Tabs=Name.S, LastModified=String(SECRET))), set()),
    "wishes of the reader": (
        paper(root(ViewerPreferences=Dictionary(HideToolbar=True), PageMode=Name.FullScreen)),
        set(),
    ),
    "what nothing leads to": (paper(unreachable), set()),
    "an archive behind it": (paper() + b"PK\x03\x04SECRET", set()),
    "a page of the web behind it": (paper() + b"<html><script>SECRET</script></html>", set()),
    "a script in a comment": (paper().replace(b"%PDF-1.3\n", b"%PDF-1.3\n%<script>SECRET</script>\n"), set()),
    "a program in JavaScript as well": (
        paper().replace(b"%PDF-1.3\n", b"%PDF-1.3\n%/*SECRET*/\n", 1) + b"*/alert('SECRET')",
        set(),
    ),
    "an earlier version": (rewritten(), set()),
    "encrypted without a question": (paper(encryption=Encryption(owner="SECRET", user="")), {"encrypted"}),
    "a layer that is off": (paper(layer), set()),
    "a page of another file": (paper(reference), set()),
    "a stream of another file": (paper(elsewhere), set()),
    "PostScript": (paper(postscript), set()),
    "a photo with all that its camera wrote": (
        paper(image(noted_jpeg(), Name.DCTDecode, ColorSpace=RGB)),
        set(),
    ),
    "a photo packed twice": (
        paper(image(zlib.compress(noted_jpeg()), Array([Name.FlateDecode, Name.DCTDecode]), ColorSpace=RGB)),
        set(),
    ),
    "a photo in JPEG 2000": (paper(image(jpeg_2000(), Name.JPXDecode)), set()),
    "a picture with a tail": (
        paper(image(zlib.compress(b"\x80" * 2400) + b"SECRET", Name.FlateDecode, ColorSpace=GRAY)),
        set(),
    ),
    "a picture packed by lines": (
        paper(
            image(
                zlib.compress((b"\x02" + b"\x07" * 60) * 40),
                Name.FlateDecode,
                Dictionary(Predictor=15, Colors=1, BitsPerComponent=8, Columns=60, Secret=String(SECRET)),
                ColorSpace=GRAY,
            )
        ),
        set(),
    ),
    "letters instead of bytes": (paper(packed(ascii85)), set()),
    "digits instead of bytes": (
        paper(packed(lambda data: (data.hex().encode() + b">SECRET", Name.ASCIIHexDecode))),
        set(),
    ),
    "a page on its side": (paper(page(Rotate=90), annotation("Square", drawn=True)), set()),
    "a page cut off": (paper(page(CropBox=Array([10, 10, 200, 190])), annotation("Square", drawn=True)), set()),
    "boxes and fonts of the branch": (paper(inherit), set()),
    "a page as large as words say": (paper(page(MediaBox=Array([String("a")] * 4))), set()),
    "linearized": (paper(linearize=True), set()),
    "objects in streams": (
        paper(root(OpenAction=alert()), object_stream_mode=ObjectStreamMode.generate),
        {"javascript", "actions"},
    ),
    "a table that is wrong": (paper().replace(b"startxref\n", b"startxref\n9"), set()),
}


def of_pages(count: int) -> bytes:
    """Written by hand: PDF libraries take minutes over so many."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>"]
    kids = b" ".join(b"%d 0 R" % number for number in range(3, count + 3))
    objects.append(b"<</Type/Pages/MediaBox[0 0 9 9]/Count %d/Kids[%s]>>" % (count, kids))
    return by_hand(objects + [b"<</Type/Page/Parent 2 0 R>>"] * count)


def by_hand(objects: list[bytes], trailer: bytes = b"") -> bytes:
    content, places = bytearray(b"%PDF-1.7\n"), []
    for number, each in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    content += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(content) + b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        trailer,
        start,
    )


def tree(kids: bytes) -> bytes:
    return by_hand([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[%s]/Parent 2 0 R>>" % kids])


def bomb(layers: int) -> bytes:
    """300 MB of nothing as the content of a page."""
    packer = zlib.compressobj(wbits=15)
    start = packer.compress(bytes(10**6)) + packer.flush(zlib.Z_FULL_FLUSH)
    data = start + (packer.compress(bytes(10**6)) + packer.flush(zlib.Z_FULL_FLUSH)) * 299
    for _ in range(layers - 1):
        data = zlib.compress(data)

    def change(pdf: Pdf) -> None:
        stream = pdf.make_stream(b"")
        stream.write(data, filter=Array([Name.FlateDecode] * layers))
        pdf.pages[0].obj.Contents = stream

    return paper(change)


REFUSED: dict[str, tuple[bytes, str]] = {
    "locked": (paper(encryption=Encryption(owner="one", user="two")), "locked"),
    "cut off after its head": (paper()[:20], "damaged"),
    "nonsense": (b"%PDF-1.7\n" + b"nonsense" * 50, "damaged"),
    "without pages": (written(Pdf.new()), "damaged"),
    "a tree of pages that is a circle": (tree(b"2 0 R"), "damaged"),
    "pages that are not there": (tree(b"9 0 R 10 0 R"), "damaged"),
    "more pages than anybody reads": (of_pages(501), "long"),
    "as many pages as a library": (of_pages(20_000), "long"),
    "a page as large as a town": (paper(page(MediaBox=Array([0, 0, 1_000_000, 1_000_000]))), "giant"),
    "a page with a unit of its own": (paper(page(UserUnit=100)), "giant"),
    "a page of no size": (paper(page(MediaBox=Array([0, 0, 0, 0]))), "damaged"),
    "a bomb": (bomb(1), "heavy"),
    "a bomb in a bomb": (bomb(2), "heavy"),
    "lists in lists": (by_hand([b"<</Type/Catalog/Pages 2 0 R>>", b"[" * 100_000]), "damaged"),
    "a table that comes before itself": (by_hand([b"<</Type/Catalog>>"], b"/Prev 9/XRefStm 9"), "damaged"),
    "a table of two milliards": (by_hand([b"<</Type/Catalog>>"]).replace(b"0 2\n", b"0 2000000000\n"), "damaged"),
}

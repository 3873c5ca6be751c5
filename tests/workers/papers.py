"""PDFs as strangers make them, at run time: ordinary ones, and one for every door that the format leaves open."""

import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

from pikepdf import Array, AttachedFileSpec, Dictionary, Name, Object, Pdf, String
from PIL import Image
from tests.workers.drawing import quarters, saved

SECRET = "SECRET"
HIDDEN = SECRET.encode()
BOX = [20, 20, 120, 60]  # of an annotation on the page
Change = Callable[[Pdf], None]


def paper(*changes: Change, pages: int = 1, **saving: Any) -> bytes:
    """Pages with a red field and a line of text, changed, and saved."""
    pdf, painted = Pdf.new(), b"1 0 0 rg 200 120 60 60 re f BT 0 g /F1 18 Tf 20 150 Td (Page %d) Tj ET"
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    for number in range(1, pages + 1):
        page = pdf.add_blank_page(page_size=(300, 200)).obj
        page.Resources = Dictionary(Font=Dictionary(F1=font))
        page.Contents = pdf.make_stream(painted % number)
    for change in changes:
        change(pdf)
    return written(pdf, **saving)


def alert() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert('SECRET')"))


def written(pdf: Pdf, **saving: Any) -> bytes:
    out = BytesIO()
    pdf.save(out, **saving)
    return out.getvalue()


def root(**values: Any) -> Change:
    return lambda pdf: put(pdf.Root, values)


def page(**values: Any) -> Change:
    return lambda pdf: put(pdf.pages[0].obj, values)


def put(where: Object, values: dict[str, Any]) -> None:
    for key, value in values.items():
        where[f"/{key}"] = value


def appearance(pdf: Pdf, drawing: bytes = b"0 0 1 rg 0 0 100 40 re f") -> Object:
    return pdf.make_stream(drawing, {"/Type": Name.XObject, "/Subtype": Name.Form, "/BBox": Array([0, 0, 100, 40])})


def annotation(subtype: str, *, drawn: bool = False, **values: Any) -> Change:
    def change(pdf: Pdf) -> None:
        note = pdf.make_indirect(
            Dictionary(Type=Name.Annot, Subtype=Name(f"/{subtype}"), Rect=Array(BOX), F=4, **values)
        )
        if drawn:
            note.AP = Dictionary(N=appearance(pdf))
        pdf.pages[0].obj.Annots = Array([*pdf.pages[0].obj.get("/Annots", Array()), note])

    return change


def field(drawn: bool = False, **values: Any) -> Change:
    def change(pdf: Pdf) -> None:
        annotation("Widget", drawn=drawn, T=String("name"), DA=String("/F1 12 Tf 0 g"), **values)(pdf)
        here = pdf.pages[0].obj
        fonts = Dictionary(Font=here.Resources.Font)
        pdf.Root.AcroForm = Dictionary(Fields=here.Annots, NeedAppearances=True, DR=fonts, DA=String("/F1 12 Tf 0 g"))

    return change


def xfa(pdf: Pdf) -> None:
    field(FT=Name.Tx, V=String("typed"))(pdf)
    pdf.Root.AcroForm.XFA = pdf.make_stream(b"<xdp:xdp><script>SECRET</script></xdp:xdp>")


def attached(pdf: Pdf) -> None:
    pdf.attachments["SECRET.exe"] = AttachedFileSpec(pdf, b"MZ SECRET", filename="SECRET.exe")


def associated(pdf: Pdf) -> None:
    file = AttachedFileSpec(pdf, b"SECRET", filename="SECRET.xml").obj
    pdf.Root.AF = pdf.pages[0].obj.AF = Array([pdf.make_indirect(file)])


def metadata(pdf: Pdf) -> None:
    xmp = pdf.make_stream(b"<x:xmpmeta>SECRET</x:xmpmeta>", {"/Type": Name.Metadata, "/Subtype": Name.XML})
    pdf.Root.Metadata = pdf.pages[0].obj.Metadata = pdf.pages[0].obj.Resources.Font.F1.Metadata = xmp
    pdf.docinfo["/Author"] = "SECRET"


def outlines(pdf: Pdf) -> None:
    line = pdf.make_indirect(Dictionary(Title=String("SECRET"), A=alert()))
    pdf.Root.Outlines = Dictionary(Type=Name.Outlines, First=line, Last=line, Count=1)


def structure(pdf: Pdf) -> None:
    told = Dictionary(Type=Name.StructElem, S=Name.P, ActualText=String("SECRET"), Pg=pdf.pages[0].obj)
    pdf.Root.StructTreeRoot = Dictionary(Type=Name.StructTreeRoot, K=pdf.make_indirect(told))


def xobject(pdf: Pdf, stream: Object) -> None:
    here = pdf.pages[0].obj
    here.Resources.XObject = Dictionary(X1=stream)
    painted = b"q 100 0 0 60 20 20 cm /X1 Do Q" if stream.Subtype == Name.Image else b"q 1 0 0 1 20 20 cm /X1 Do Q"
    here.Contents = Array([here.Contents, pdf.make_stream(painted)])


def image(data: bytes, filters: Any, parms: Any = None, **more: Any) -> Change:
    def change(pdf: Pdf) -> None:
        about = Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=60, Height=40, BitsPerComponent=8, **more)
        stream = pdf.make_stream(b"", about)
        stream.write(data, filter=filters, decode_parms=parms)
        xobject(pdf, stream)

    return change


def noted_jpeg() -> bytes:
    """With all that a camera writes, a thumbnail, a comment, and a tail."""
    exif = Image.Exif()
    exif[0x010E] = SECRET
    photo = saved(quarters(60, 40), "JPEG", exif=exif, comment=HIDDEN, icc_profile=HIDDEN * 50, dpi=(72, 72))
    return photo + b"SECRET tail"


def jpeg_2000() -> bytes:
    """With a box of its own beside the picture."""
    content = saved(quarters(60, 40), "JPEG2000")
    box = b"uuid" + b"0" * 16 + HIDDEN
    start = content.index(b"ftyp") - 4 + int.from_bytes(content[content.index(b"ftyp") - 4 :][:4])
    return content[:start] + (len(box) + 4).to_bytes(4) + box + content[start:]


def layer(pdf: Pdf) -> None:
    """Green, and off when the document opens."""
    group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("layer"), Usage=Dictionary(Creator=String(SECRET))))
    stream = appearance(pdf, b"0 1 0 rg 0 0 100 40 re f")
    stream.OC = group
    xobject(pdf, stream)
    start = Dictionary(ON=Array(), OFF=Array([group]), Order=Array([group]), AS=Array())
    pdf.Root.OCProperties = Dictionary(OCGs=Array([group]), D=start)


def reference(pdf: Pdf) -> None:
    stream = appearance(pdf)
    stream.Ref = Dictionary(F=String("http://example.org/SECRET.pdf"), Page=0)
    xobject(pdf, stream)


def elsewhere(pdf: Pdf) -> None:
    """A stream that says that its data lie in a file of the reader's machine."""
    stream = appearance(pdf)
    stream.F, stream.FFilter = String("/etc/SECRET"), Name.FlateDecode
    xobject(pdf, stream)


def postscript(pdf: Pdf) -> None:
    about = {"/Type": Name.XObject, "/Subtype": Name.Form, "/Subtype2": Name.PS, "/BBox": Array([0, 0, 1, 1])}
    stream = pdf.make_stream(b"", about)
    stream.PS, stream.Level1 = pdf.make_stream(b"(SECRET) run"), pdf.make_stream(HIDDEN)
    xobject(pdf, stream)


def unreachable(pdf: Pdf) -> None:
    pdf.Root.Kept = pdf.make_stream(b"SECRET" * 10)


def packed(change: Callable[[bytes], tuple[bytes, Any]]) -> Change:
    """The content of the page, packed in another way."""

    def repack(pdf: Pdf) -> None:
        contents = pdf.pages[0].obj.Contents
        data, filters = change(contents.read_bytes())
        contents.write(data, filter=filters)

    return repack


def ascii85(data: bytes) -> tuple[bytes, Any]:
    from base64 import a85encode

    return a85encode(zlib.compress(data) + b"SECRET", adobe=True)[2:], Array([Name.ASCII85Decode, Name.FlateDecode])


def rewritten() -> bytes:
    """A later version after the first one, which still holds what was taken out of it."""
    first = paper(lambda pdf: put(pdf.pages[0].obj, {"Contents": pdf.make_stream(b"BT (SECRET) Tj ET")}))
    start = int(first[first.rindex(b"startxref") :].split()[1])
    with Pdf.open(BytesIO(first)) as pdf:
        number, size = pdf.pages[0].obj.Contents.objgen[0], int(pdf.trailer.Size)
        top = pdf.trailer.Root.objgen[0]
    new = b"BT ET 1 0 0 rg 200 120 60 60 re f"
    body = b"%d 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n" % (number, len(new), new)
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<</Size %d/Root %d 0 R/Prev %d>>\n" % (
        number,
        len(first),
        size,
        top,
        start,
    )
    return first + body + table + b"startxref\n%d\n%%%%EOF\n" % (len(first) + len(body))


def signed(pdf: Pdf) -> None:
    value = Dictionary(
        Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), Contents=String(SECRET), ByteRange=Array([0, 1, 2, 3])
    )
    field(drawn=True, FT=Name.Sig, V=value)(pdf)
    pdf.Root.Perms = Dictionary(DocMDP=value)


def thread(pdf: Pdf) -> None:
    bead = pdf.make_indirect(Dictionary(Type=Name.Bead, P=pdf.pages[0].obj))
    bead.N = bead.V = bead
    pdf.Root.Threads = Array([Dictionary(F=bead, I=Dictionary(Title=String(SECRET)))])
    pdf.pages[0].obj.B = Array([bead])


def media(**more: Any) -> dict[str, Any]:
    return {"Contents": String(SECRET), "drawn": True, **more}


def hidden(pdf: Pdf) -> None:
    annotation("Square", drawn=True)(pdf)
    pdf.pages[0].obj.Annots[0].F = 2


def inherit(pdf: Pdf) -> None:
    """What the page has stands at the root of the tree."""
    here, tree = pdf.pages[0].obj, pdf.Root.Pages
    for key in ("/MediaBox", "/Resources"):
        tree[key] = here[key]
        del here[key]

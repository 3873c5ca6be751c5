"""A PDF of a stranger copied anew (§4.1): pages and what they are painted with, by a list of what is allowed.

A list of what is forbidden would have to know every door of a format of a thousand pages. Here a key that paints
nothing is not copied, whatever it is called: scripts, actions, forms, attached files, media, links, metadata, tags,
thumbnails.
"""

from collections.abc import Iterator
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Stream, String

from workers.paper_streams import bare, numbers

# Keys of fonts, images, forms, colour spaces, patterns, shadings, functions, states, groups, layers and filters.
KEYS = """
    Type Subtype Name Resources
    BaseFont FirstChar LastChar Widths FontDescriptor Encoding ToUnicode DescendantFonts CIDSystemInfo Registry Ordering
    Supplement DW W DW2 W2 CIDToGIDMap BaseEncoding Differences FontBBox FontMatrix CharProcs FontName FontFamily
    FontStretch FontWeight Flags ItalicAngle Ascent Descent Leading CapHeight XHeight StemV StemH AvgWidth MaxWidth
    MissingWidth FontFile FontFile2 FontFile3 CharSet CIDSet WMode UseCMap CMapName Length1 Length2 Length3
    FormType BBox Matrix Group Width Height ColorSpace BitsPerComponent Intent ImageMask Mask Decode Interpolate SMask
    SMaskInData Matte OC S CS I K G BC
    LW LC LJ ML D RI OP op OPM Font BG BG2 UCR UCR2 TR TR2 FL SM SA BM CA ca AIS TK
    PatternType PaintType TilingType XStep YStep Shading ExtGState ShadingType Background AntiAlias Domain Coords
    Function Extend BitsPerCoordinate BitsPerFlag VerticesPerRow FunctionType Range Size BitsPerSample Order Encode C0
    C1 N Functions Bounds WhitePoint BlackPoint Gamma Alternate Colorants Process Components
    OCGs P VE
"""
PAINTING = frozenset(f"/{key}" for key in KEYS.split())
# What a page has from the branch of its tree, qpdf has written into it already.
OF_A_PAGE = ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Resources", "/Group")
# Below them stand names that the author of the file has chosen.
OF_RESOURCES = ("/Font", "/XObject", "/ExtGState", "/ColorSpace", "/Pattern", "/Shading", "/Properties")
NAMING = ("/CharProcs", "/Colorants")


def copied(source: Pdf) -> Pdf:
    """The same pages, as they look, in a document that holds nothing else."""
    copy = Copy(source, Pdf.new())
    for page in source.pages:
        copy.page(page.obj)
    copy.layers()
    return copy.target


class Copy:
    def __init__(self, source: Pdf, target: Pdf) -> None:
        self.source, self.target = source, target
        self.known: dict[tuple[int, int], Object] = {}

    def page(self, page: Object) -> None:
        new = Dictionary(Type=Name.Page)
        for key in OF_A_PAGE:
            if key in page:
                new[key] = self.child(key, page[key])
        new.Contents = Array([self.thing(stream) for stream in contents(page)])
        self.target.pages.append(Page(self.target.make_indirect(new)))

    def layers(self) -> None:
        """What is not to be seen stays unseen: its layers are off by the settings that the document opens with."""
        told = self.source.Root.get("/OCProperties")
        if not isinstance(told, Dictionary) or not isinstance(told.get("/D"), Dictionary):
            return
        start = {key: self.thing(told.D[key]) for key in ("/BaseState", "/ON", "/OFF") if key in told.D}
        groups = self.thing(told.get("/OCGs", Array()))
        self.target.Root.OCProperties = Dictionary({"/OCGs": groups, "/D": Dictionary(start)})

    def thing(self, value: Any) -> Any:
        """Of a dictionary only what paints; each shared object once, which also ends every circle."""
        if not isinstance(value, (Array, Dictionary, Stream)):
            return alone(value)
        if value.is_indirect and value.objgen in self.known:
            return self.known[value.objgen]
        new = self.begun(value)
        if value.is_indirect:
            new = self.known[value.objgen] = self.target.make_indirect(new)
        if isinstance(value, Array):
            new.extend(self.thing(item) for item in value)
        else:
            self.fill(new, value)
        return new

    def begun(self, value: Object) -> Any:
        if isinstance(value, Stream):
            data, filter, parms = bare(value)
            new = self.target.make_stream(b"")
            new.write(data, filter=Name(filter), decode_parms=self.parms(parms))
            return new
        return Array() if isinstance(value, Array) else Dictionary()

    def fill(self, new: Object, old: Object) -> None:
        for key, value in old.items():
            if key in PAINTING:
                new[key] = self.child(key, value)

    def child(self, key: str, value: Any) -> Any:
        if key == "/Resources":
            return self.resources(value)
        return self.names(value) if key in NAMING else self.thing(value)

    def resources(self, old: Object) -> Object:
        if not isinstance(old, Dictionary):
            return Dictionary()
        return Dictionary({key: self.names(old[key]) for key in OF_RESOURCES if key in old})

    def names(self, old: Object) -> Object:
        if not isinstance(old, Dictionary):
            return Dictionary()
        return Dictionary({key: self.thing(value) for key, value in old.items()})

    def parms(self, parms: Any) -> Any:
        """How the last filter of a stream is to be read; numbers, and the one stream that JBIG2 shares."""
        kept = numbers(parms)
        if kept is not None and isinstance(parms.get("/JBIG2Globals"), Stream):
            kept.JBIG2Globals = self.thing(parms.JBIG2Globals)
        return kept


def alone(value: Any) -> Any:
    """A name or a string belongs to its document."""
    if isinstance(value, Name):
        return Name(str(value))
    return String(bytes(value)) if isinstance(value, String) else value


def contents(page: Object) -> Iterator[Stream]:
    told = page.get("/Contents")
    for each in told if isinstance(told, Array) else [told]:
        if isinstance(each, Stream):
            yield each

package doppio.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Recognises by their first bytes the files that people give a reader by mistake, to say what they
 * are and who reads them.
 */
public final class OtherFormat {
  /** As many first bytes as are ever looked at. */
  public static final int START = 512;

  /** What makes of a file that PyTorch before 1.6 wrote one that can be read. */
  public static final String OLD_TORCH =
      "torch.save(torch.load(\"old.pt\", map_location=\"cpu\"), \"new.pt\") in PyTorch from 1.6"
          + " on makes one for TorchFile.load of it";

  private static final int ZIP_NAME = 30;
  private static final int TAR_MAGIC = 257;
  private static final int SHOWN = 40;
  private static final Pattern TEXT = Pattern.compile("\\s*[ -~]{4}[ -~\\s]*");

  /** What files are whose first bytes tell, these in hexadecimal digits. */
  private static final Map<String, String> BY_MAGIC = new LinkedHashMap<>();

  static {
    BY_MAGIC.put("80028a0a6cfc9c46f9206aa85019", "a pickle that torch.save wrote: " + OLD_TORCH);
    BY_MAGIC.put("8002", "a pickle of Python: if torch.save wrote it, " + OLD_TORCH);
    BY_MAGIC.put("8003", BY_MAGIC.get("8002"));
    BY_MAGIC.put("8004", BY_MAGIC.get("8002"));
    BY_MAGIC.put("8005", BY_MAGIC.get("8002"));
    BY_MAGIC.put("504b0304", "a zip archive: unpack it first");
    BY_MAGIC.put("504b0506", "a zip archive with nothing in it");
    BY_MAGIC.put("1f8b", "packed by gzip: gunzip unpacks it");
    BY_MAGIC.put("fd377a585a00", "packed by xz: unxz unpacks it");
    BY_MAGIC.put("28b52ffd", "packed by zstd: unzstd unpacks it");
    BY_MAGIC.put("425a68", "packed by bzip2: bunzip2 unpacks it");
    BY_MAGIC.put("934e554d5059", "an .npy file of NumPy: Npy.load reads it");
    BY_MAGIC.put("894844460d0a1a0a", "an HDF5 file, as Keras writes: h5py reads it");
    BY_MAGIC.put("89504e470d0a1a0a", "an image, PNG: ImageIO.read reads it");
    BY_MAGIC.put("ffd8ff", "an image, JPEG: ImageIO.read reads it");
    BY_MAGIC.put("25504446", "a PDF document");
    BY_MAGIC.put("377abcaf271c", "packed by 7-Zip: unpack it first");
    BY_MAGIC.put("50415231", "a Parquet file: pandas.read_parquet reads it");
    BY_MAGIC.put("47475546", "a GGUF file, as llama.cpp reads");
    BY_MAGIC.put("fffe", "text in UTF-16: save it as UTF-8");
    BY_MAGIC.put("feff", BY_MAGIC.get("fffe"));
    BY_MAGIC.put(text("version https://git-lfs"), "a git-lfs pointer: git lfs pull gets the file");
  }

  private OtherFormat() {}

  /**
   * {@return what the file is, to follow "this is", or null if nobody knows}
   *
   * @param start the first bytes of the file, {@link #START} of them if there are as many
   */
  public static String of(byte[] start) {
    if (isSafeTensors(start)) {
      return "a safetensors file: SafeTensors.load reads it";
    }
    String hex = hex(start, "");
    for (Map.Entry<String, String> format : BY_MAGIC.entrySet()) {
      if (hex.startsWith(format.getKey())) {
        return hex.startsWith("504b0304") ? zip(start, format.getValue()) : format.getValue();
      }
    }
    if (hex.startsWith(text("ustar"), 2 * TAR_MAGIC)) {
      return "a tar archive: unpack it first";
    }
    String text = new String(start, StandardCharsets.UTF_8).replace("\ufeff", "").stripLeading();
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.startsWith("<!doctype html") || lower.startsWith("<html")) {
      return "an HTML page: a download gave a page about the file, or about an error";
    }
    if (lower.startsWith("<?xml")) {
      return "an XML document: a download may have given an error";
    }
    if (text.startsWith("{") || text.startsWith("[{")) {
      return "JSON text: if it is the index of a model in several files, load those that it names";
    }
    return null;
  }

  /** As {@link #of}, for a reader of bytes, to whom any text is another format. */
  public static String inPlaceOfBytes(byte[] start) {
    String known = of(start);
    String text = new String(start, StandardCharsets.US_ASCII);
    if (known != null || !TEXT.matcher(text).matches()) {
      return known;
    }
    String line = text.strip().lines().findFirst().orElse("");
    return "text that begins with \"" + line.substring(0, Math.min(SHOWN, line.length())) + '"';
  }

  /** Two hexadecimal digits for each byte, with a text between them. Android has no HexFormat. */
  public static String hex(byte[] bytes, String between) {
    StringBuilder hex = new StringBuilder();
    for (byte b : bytes) {
      hex.append(hex.length() == 0 ? "" : between)
          .append(Character.forDigit(b >> 4 & 0xf, 16))
          .append(Character.forDigit(b & 0xf, 16));
    }
    return hex.toString();
  }

  private static boolean isSafeTensors(byte[] start) {
    return start.length > Long.BYTES
        && start[Long.BYTES] == '{'
        && ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong() >>> 32 == 0;
  }

  /** A zip archive begins with its first entry, whose name tells who wrote it. */
  private static String zip(byte[] start, String otherwise) {
    String name =
        start.length <= ZIP_NAME
            ? ""
            : new String(start, ZIP_NAME, start.length - ZIP_NAME, StandardCharsets.ISO_8859_1);
    int length = start.length <= ZIP_NAME ? 0 : start[26] & 0xff;
    name = name.substring(0, Math.min(length, name.length()));
    if (name.endsWith(".npy")) {
      return "an .npz archive of NumPy: Npz.load reads it";
    }
    if (name.endsWith("/data.pkl")) {
      return "a zip archive that torch.save wrote: TorchFile.load reads it";
    }
    return otherwise;
  }

  private static String text(String ascii) {
    return hex(ascii.getBytes(StandardCharsets.US_ASCII), "");
  }
}

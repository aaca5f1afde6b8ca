package doppio.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The entries of a zip archive, by the directory at its end: one that is cut off has none, and what
 * its entries claim is checked against the file's length.
 *
 * <p>The JDK reads archives of the default file system alone, or in one pass that does not notice
 * that the end is missing.
 *
 * <p>Source: PKWARE's APPNOTE.TXT, sections 4.3 and 4.5.3.
 */
public final class ZipArchive {
  private static final int LOCAL = 0x04034b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int END_64 = 0x06064b50;
  private static final int LOCATOR_64 = 0x07064b50;
  private static final int LOCAL_BYTES = 30;
  private static final int CENTRAL_BYTES = 46;
  private static final int END_BYTES = 22;
  private static final int END_64_BYTES = 56;
  private static final int LOCATOR_64_BYTES = 20;
  private static final int MAX_COMMENT = 0xffff;
  private static final long IN_EXTRA = 0xffffffffL;
  private static final int EXTRA_64 = 1;
  private static final int STORED = 0;
  private static final int DEFLATED = 8;

  /** Deflate makes of one byte no more than this. */
  private static final long MAX_RATIO = 1032;

  private final SeekableByteChannel channel;
  private final List<Entry> entries = new ArrayList<>();

  /**
   * An entry.
   *
   * @param name with slashes between folders
   * @param method how it is packed
   * @param packed bytes in the archive
   * @param size bytes unpacked
   * @param crc the CRC-32 sum of the unpacked bytes
   * @param offset where its own header begins
   */
  public record Entry(String name, int method, long packed, long size, long crc, long offset) {}

  /**
   * Reads the directory of an archive.
   *
   * @param channel closed by the caller, after the last entry has been read
   * @throws IOException if there is none, or it does not fit the file
   */
  public ZipArchive(SeekableByteChannel channel) throws IOException {
    this.channel = channel;
    ByteBuffer directory = directory();
    long packed = 0;
    while (directory.hasRemaining()) {
      Entry entry = entry(directory);
      packed += entry.packed;
      if (packed > channel.size()) {
        throw damaged("its entries hold more bytes than the file");
      }
      entries.add(entry);
    }
  }

  /** The entries, in the directory's order. */
  public List<Entry> entries() {
    return entries;
  }

  /**
   * Opens an entry, to be read and closed before the next is opened. Reading its last byte checks
   * its sum.
   *
   * @throws IOException if it is encrypted, packed in another way or damaged
   */
  public InputStream open(Entry entry) throws IOException {
    ByteBuffer local = at(entry.offset, LOCAL_BYTES);
    if (local.getInt(0) != LOCAL) {
      throw damaged("no entry begins at byte " + entry.offset);
    }
    if ((local.getShort(6) & 1) != 0) {
      throw new IOException("it is encrypted");
    }
    long begin =
        entry.offset
            + LOCAL_BYTES
            + Short.toUnsignedInt(local.getShort(26))
            + Short.toUnsignedInt(local.getShort(28));
    if (begin + entry.packed > channel.size()) {
      throw damaged("it ends after byte " + channel.size() + ", the file's last");
    }
    channel.position(begin);
    if (entry.method != STORED && entry.method != DEFLATED) {
      throw new IOException(
          "expected it stored or deflated but it is packed by method " + entry.method);
    }
    return ZipEntryStream.open(channel, entry, entry.method == DEFLATED);
  }

  private ByteBuffer directory() throws IOException {
    long size = channel.size();
    int tail = (int) Math.min(size, END_BYTES + MAX_COMMENT);
    ByteBuffer end = at(size - tail, tail);
    int found = tail - END_BYTES;
    while (found >= 0 && !isEnd(end, found)) {
      found--;
    }
    if (found < 0) {
      throw new IOException("expected a zip archive but its directory is missing: is it cut off?");
    }
    long length = Integer.toUnsignedLong(end.getInt(found + 12));
    long offset = Integer.toUnsignedLong(end.getInt(found + 16));
    if (length == IN_EXTRA || offset == IN_EXTRA) {
      ByteBuffer locator = at(size - tail + found - LOCATOR_64_BYTES, LOCATOR_64_BYTES);
      ByteBuffer large =
          locator.getInt(0) == LOCATOR_64 ? at(locator.getLong(8), END_64_BYTES) : null;
      if (large == null || large.getInt(0) != END_64) {
        throw damaged("the long form of its end is missing");
      }
      length = large.getLong(40);
      offset = large.getLong(48);
    }
    if (length < 0 || length > Integer.MAX_VALUE - 8) {
      throw damaged("its directory has " + Long.toUnsignedString(length) + " bytes");
    }
    return at(offset, (int) length);
  }

  /** The end's mark, and a comment that reaches to the end of the file. */
  private static boolean isEnd(ByteBuffer end, int at) {
    return end.getInt(at) == END
        && at + END_BYTES + Short.toUnsignedInt(end.getShort(at + 20)) == end.limit();
  }

  private static Entry entry(ByteBuffer in) throws IOException {
    int start = in.position();
    if (in.remaining() < CENTRAL_BYTES || in.getInt(start) != CENTRAL) {
      throw damaged("its directory is no list of entries");
    }
    int name = Short.toUnsignedInt(in.getShort(start + 28));
    int extra = Short.toUnsignedInt(in.getShort(start + 30));
    int comment = Short.toUnsignedInt(in.getShort(start + 32));
    if (in.remaining() < CENTRAL_BYTES + name + extra + comment) {
      throw damaged("its directory ends within an entry");
    }
    byte[] bytes = new byte[name];
    part(in, start + CENTRAL_BYTES, name).get(bytes);
    ByteBuffer wide = wide(part(in, start + CENTRAL_BYTES + name, extra));
    long size = length(in.getInt(start + 24), wide);
    long packed = length(in.getInt(start + 20), wide);
    long offset = length(in.getInt(start + 42), wide);
    int method = Short.toUnsignedInt(in.getShort(start + 10));
    String text = new String(bytes, StandardCharsets.UTF_8);
    boolean fits = method == STORED ? size == packed : size / MAX_RATIO <= packed;
    if (size < 0 || packed < 0 || offset < 0 || (method <= DEFLATED && !fits)) {
      throw damaged("entry " + text + " cannot have " + size + " bytes packed to " + packed);
    }
    Buffers.to(in, start + CENTRAL_BYTES + name + extra + comment);
    return new Entry(
        text, method, packed, size, Integer.toUnsignedLong(in.getInt(start + 16)), offset);
  }

  /** The 64-bit lengths of an entry, which stand in an extra field; empty if it has none. */
  private static ByteBuffer wide(ByteBuffer extra) {
    while (extra.remaining() >= 4) {
      int id = Short.toUnsignedInt(extra.getShort());
      int length = Math.min(Short.toUnsignedInt(extra.getShort()), extra.remaining());
      if (id == EXTRA_64) {
        return part(extra, extra.position(), length);
      }
      Buffers.to(extra, extra.position() + length);
    }
    return ByteBuffer.allocate(0);
  }

  private static ByteBuffer part(ByteBuffer of, int from, int length) {
    ByteBuffer part = Buffers.room(of.duplicate(), from + length);
    return Buffers.to(part, from).slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  private static long length(int narrow, ByteBuffer wide) throws IOException {
    long length = Integer.toUnsignedLong(narrow);
    if (length != IN_EXTRA) {
      return length;
    }
    if (wide.remaining() < Long.BYTES) {
      throw damaged("an entry's length is missing");
    }
    return wide.getLong();
  }

  private ByteBuffer at(long position, int count) throws IOException {
    if (position < 0 || position > channel.size() - count) {
      throw damaged("it points at byte " + position + " of " + channel.size());
    }
    ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    channel.position(position);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw damaged("it ends early");
      }
    }
    return Buffers.flip(bytes);
  }

  static IOException damaged(String what) {
    return new IOException("the zip archive is damaged: " + what);
  }
}

package doppio.internal;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/** An entry of a zip archive, unpacked: as many bytes as it is to have, with the right sum. */
final class ZipEntryStream extends FilterInputStream {
  private final ZipArchive.Entry entry;
  private final CRC32 sum;
  private long left;

  private ZipEntryStream(InputStream in, ZipArchive.Entry entry) throws IOException {
    this(in, entry, new CRC32());
  }

  private ZipEntryStream(InputStream in, ZipArchive.Entry entry, CRC32 sum) throws IOException {
    super(new CheckedInputStream(in, sum));
    this.entry = entry;
    this.sum = sum;
    left = entry.size();
    checkEnd();
  }

  /** Reads from where the channel stands. */
  static InputStream open(SeekableByteChannel channel, ZipArchive.Entry entry, boolean deflated)
      throws IOException {
    InputStream packed = new Part(channel, entry.packed());
    return new ZipEntryStream(deflated ? new Inflating(packed, entry.packed()) : packed, entry);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    if (left == 0) {
      return -1;
    }
    int n = in.read(bytes, from, (int) Math.min(length, left));
    if (n < 0) {
      throw ZipArchive.damaged(
          left + " bytes are missing of the " + entry.size() + " of " + entry.name());
    }
    left -= n;
    checkEnd();
    return n;
  }

  private void checkEnd() throws IOException {
    if (left == 0 && (sum.getValue() != entry.crc())) {
      throw ZipArchive.damaged("the sum of " + entry.name() + " is another");
    }
  }

  /** A part of the file, from where the channel stands. */
  private static final class Part extends InputStream {
    private final SeekableByteChannel channel;
    private long left;

    Part(SeekableByteChannel channel, long length) {
      this.channel = channel;
      left = length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int n = channel.read(ByteBuffer.wrap(bytes, from, (int) Math.min(length, left)));
      left -= Math.max(n, 0);
      return n;
    }
  }

  private static final class Inflating extends InflaterInputStream {
    private static final int BUFFER = 1 << 14;

    Inflating(InputStream packed, long length) {
      super(packed, new Inflater(true), (int) Math.max(1, Math.min(length, BUFFER)));
    }

    @Override
    public void close() throws IOException {
      inf.end();
      super.close();
    }
  }
}

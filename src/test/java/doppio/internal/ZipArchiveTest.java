package doppio.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives that are written byte by byte, with what the directory claims changed. */
class ZipArchiveTest {
  private static final int NONE = Integer.MIN_VALUE;
  private static final byte[] DATA = {3, 0, -1, 7, 7, 7, 7, 7, 7, 9};

  private int method;
  private int flags;
  private byte[] packed = DATA;
  private int sizeClaimed = DATA.length;
  private int packedClaimed = NONE;
  private int crc = sum(DATA);
  private int offset;
  private byte[] localExtra = {};
  private byte[] extra = {};
  private byte[] name = "a/b".getBytes(UTF_8);
  private byte[] remark = {};
  private byte[] comment = {};

  @Test
  void theEntriesAreThoseOfTheDirectory() throws IOException {
    extra = new byte[] {7, 7, 1, 0, 5};
    remark = "a remark".getBytes(UTF_8);
    comment = new byte[60];
    byte[] second = "ü".getBytes(UTF_8);
    byte[] local = local();
    byte[] first = central();
    name = second;
    offset = 99;
    byte[] directory = join(first, central());
    ZipArchive archive = open(join(local, directory, end(directory.length, local.length)));
    long sum = Integer.toUnsignedLong(crc);
    assertThat(archive.entries())
        .containsExactly(
            new ZipArchive.Entry("a/b", 0, 10, 10, sum, 0),
            new ZipArchive.Entry("ü", 0, 10, 10, sum, 99));
  }

  @Test
  void anEntryIsReadFromBehindItsOwnHeader() throws IOException {
    localExtra = new byte[300];
    assertThat(content(whole())).isEqualTo(DATA);
  }

  @Test
  void anEntryIsUnpacked() throws IOException {
    deflate();
    assertThat(content(whole())).isEqualTo(DATA);
  }

  @Test
  void anEntryIsReadByteByByteToo() throws IOException {
    ZipArchive archive = open(whole());
    try (InputStream in = archive.open(archive.entries().get(0))) {
      for (byte b : DATA) {
        assertThat(in.read()).isEqualTo(Byte.toUnsignedInt(b));
      }
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  /** The comment may hold anything, an entry say, whose last byte is then the file's. */
  @Test
  void anEntryMayEndWithTheFileButNotAfterIt() throws IOException {
    byte[] local = local();
    offset = central().length + 22;
    comment = local;
    byte[] whole = join(central(), end(central().length, 0));
    assertThat(content(whole)).isEqualTo(DATA);
    packedClaimed = DATA.length + 1;
    sizeClaimed = DATA.length + 1;
    whole = join(central(), end(central().length, 0));
    assertUnreadable(whole, damaged("it ends after byte " + whole.length + ", the file's last"));
  }

  @Test
  void theDirectoryIsFoundBeforeTheLongestComment() throws IOException {
    comment = new byte[0xffff];
    assertThat(content(whole())).isEqualTo(DATA);
  }

  @Test
  void theMarkOfTheEndWithinTheCommentIsNotTheEnd() throws IOException {
    comment = join(new byte[] {'P', 'K', 5, 6}, new byte[40]);
    assertThat(content(whole())).isEqualTo(DATA);
  }

  @Test
  void aFileWithoutAnEndIsNoArchive() {
    for (int length : new int[] {0, 10, 21, 22, 100}) {
      assertRefused(
          new byte[length], "expected a zip archive but its directory is missing: is it cut off?");
    }
  }

  @Test
  void anArchiveMayHaveNoEntries() throws IOException {
    assertThat(open(end(0, 0)).entries()).isEmpty();
  }

  /** How much one can make of a byte is known of the two that are read alone. */
  @Test
  void ofAnotherPackingAnySizeIsListed() throws IOException {
    method = 99;
    sizeClaimed = Integer.MAX_VALUE;
    assertThat(open(whole()).entries().get(0).size()).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void theLastEntryMayHaveNoName() throws IOException {
    name = new byte[0];
    assertThat(content(whole())).isEqualTo(DATA);
  }

  @Test
  void anEntryWithoutBytesHasTheirSum() throws IOException {
    packed = new byte[0];
    sizeClaimed = 0;
    crc = 0;
    assertThat(content(whole())).isEmpty();
    crc = 1;
    assertUnreadable(whole(), damaged("the sum of a/b is another"));
  }

  @Test
  void anotherSumIsRefusedWithTheLastByte() {
    crc++;
    assertUnreadable(whole(), damaged("the sum of a/b is another"));
  }

  @Test
  void bytesThatThePackedOnesDoNotGiveAreMissed() {
    deflate();
    sizeClaimed += 2;
    assertUnreadable(whole(), damaged("2 bytes are missing of the 12 of a/b"));
  }

  @Test
  void bytesBehindThePackedOnesAreNotUnpacked() {
    deflate();
    packedClaimed = packed.length / 2;
    assertThatThrownBy(() -> content(whole())).isInstanceOf(IOException.class);
  }

  @Test
  void whatCannotBeReadIsNamed() {
    flags = 1;
    assertUnreadable(whole(), "it is encrypted");
    flags = 0;
    for (int other : new int[] {1, 7, 9, 99}) {
      method = other;
      assertUnreadable(
          whole(), "expected it stored or deflated but it is packed by method " + other);
    }
    method = 0;
    offset = 1;
    assertUnreadable(whole(), damaged("no entry begins at byte 1"));
  }

  @Test
  void anEntryThatReachesOutOfTheDirectoryIsRefused() {
    byte[] whole = whole();
    ByteBuffer bytes = little(whole);
    int central = local().length;
    for (int at : new int[] {28, 30, 32}) {
      short before = bytes.getShort(central + at);
      bytes.putShort(central + at, (short) (before + 1));
      assertRefused(whole, damaged("its directory ends within an entry"));
      bytes.putShort(central + at, before);
    }
    bytes.putInt(whole.length - 10, central().length - 1);
    assertRefused(whole, damaged("its directory ends within an entry"));
    bytes.putInt(whole.length - 10, 45);
    assertRefused(whole, damaged("its directory is no list of entries"));
    bytes.putInt(whole.length - 10, central().length);
    bytes.putInt(central, 0);
    assertRefused(whole, damaged("its directory is no list of entries"));
  }

  @Test
  void aDirectoryOutOfTheFileIsRefused() {
    byte[] whole = whole();
    ByteBuffer bytes = little(whole);
    bytes.putInt(whole.length - 6, whole.length - central().length + 1);
    assertRefused(
        whole,
        damaged(
            "it points at byte %d of %d"
                .formatted(whole.length - central().length + 1, whole.length)));
  }

  @Test
  void aStoredEntryHasAsManyBytesAsItTakes() {
    sizeClaimed++;
    assertRefused(whole(), damaged("entry a/b cannot have 11 bytes packed to 10"));
  }

  @Test
  void aDeflatedEntryHasAtMostWhatDeflateCanMakeOfItsBytes() throws IOException {
    method = 8;
    sizeClaimed = 1032 * DATA.length + 1031;
    assertThat(open(whole()).entries()).hasSize(1);
    sizeClaimed++;
    assertRefused(whole(), damaged("entry a/b cannot have 11352 bytes packed to 10"));
  }

  @Test
  void allEntriesTogetherTakeNoMoreThanTheFile() throws IOException {
    method = 99;
    packedClaimed = whole().length;
    assertThat(open(whole()).entries()).hasSize(1);
    packedClaimed++;
    assertRefused(whole(), damaged("its entries hold more bytes than the file"));
    packedClaimed = whole().length / 2 + 50;
    byte[] directory = join(central(), central());
    byte[] two = join(local(), directory, end(directory.length, local().length));
    packedClaimed = two.length / 2 + 1;
    directory = join(central(), central());
    assertRefused(
        join(local(), directory, end(directory.length, local().length)),
        damaged("its entries hold more bytes than the file"));
  }

  @Test
  void lengthsInTheExtraFieldAreReadInTheirOrder() throws IOException {
    sizeClaimed = -1;
    packedClaimed = -1;
    offset = -1;
    extra = join(new byte[] {7, 0, 3, 0, 9, 9, 9}, wide(24, 10, 10, 0));
    assertThat(content(whole())).isEqualTo(DATA);
    // What it says of its own length is not believed.
    extra = wide(1000, 10, 10, 0);
    assertThat(content(whole())).isEqualTo(DATA);
  }

  @Test
  void aLengthThatTheExtraFieldLacksIsMissed() throws IOException {
    sizeClaimed = -1;
    for (byte[] lacking : List.of(new byte[0], new byte[3], new byte[4], wide(7, 10))) {
      extra = lacking;
      assertRefused(whole(), damaged("an entry's length is missing"));
    }
    extra = wide(8, 10);
    assertThat(content(whole())).isEqualTo(DATA);
  }

  @Test
  void strayBytesInTheExtraFieldDoNoHarm() throws IOException {
    extra = new byte[] {1, 2, 3};
    assertThat(content(whole())).isEqualTo(DATA);
  }

  @Test
  void lengthsBelowZeroAreRefused() {
    method = 99;
    sizeClaimed = -1;
    extra = wide(8, -2);
    assertRefused(whole(), damaged("entry a/b cannot have -2 bytes packed to 10"));
    sizeClaimed = 10;
    packedClaimed = -1;
    assertRefused(whole(), damaged("entry a/b cannot have 10 bytes packed to -2"));
    packedClaimed = NONE;
    offset = -1;
    assertRefused(whole(), damaged("entry a/b cannot have 10 bytes packed to 10"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"length", "offset", "both"})
  void theLongFormOfTheEndIsRead(String which) throws IOException {
    byte[] whole = long64(which, central().length, local().length);
    assertThat(content(whole)).isEqualTo(DATA);
  }

  @Test
  void theLongFormOfTheEndMustBeThere() {
    byte[] whole = long64("both", central().length, local().length);
    ByteBuffer bytes = little(whole);
    int locator = whole.length - 22 - 20;
    int large = locator - 56;
    for (int mark : new int[] {locator, large}) {
      int before = bytes.getInt(mark);
      bytes.putInt(mark, 0);
      assertRefused(whole, damaged("the long form of its end is missing"));
      bytes.putInt(mark, before);
    }
    bytes.putLong(locator + 8, -5);
    assertRefused(whole, damaged("it points at byte -5 of " + whole.length));
  }

  @Test
  void aDirectoryThatFitsNoArrayIsRefused() {
    int most = Integer.MAX_VALUE - 8;
    assertRefused(long64("both", -1, 0), damaged("its directory has 18446744073709551615 bytes"));
    assertRefused(long64("both", most + 1L, 0), damaged("its directory has 2147483640 bytes"));
    byte[] whole = long64("both", most, 0);
    assertRefused(whole, damaged("it points at byte 0 of " + whole.length));
  }

  @Test
  void aChannelMayGiveLittleAtATime() throws IOException {
    Slow slow = new Slow(whole(), Integer.MAX_VALUE);
    ZipArchive archive = new ZipArchive(slow);
    assertThat(archive.open(archive.entries().get(0)).readAllBytes()).isEqualTo(DATA);
  }

  @Test
  void aFileThatBecomesShorterMeanwhileIsRefused() {
    assertThatThrownBy(() -> new ZipArchive(new Slow(whole(), 50)))
        .hasMessage(damaged("it ends early"));
  }

  /** Gives a byte at every second call, and only so many. */
  private static final class Slow implements SeekableByteChannel {
    private final MemoryChannel channel;
    private int left;
    private boolean now;

    Slow(byte[] bytes, int left) {
      channel = MemoryChannel.of(bytes);
      this.left = left;
    }

    @Override
    public int read(ByteBuffer into) {
      now = !now;
      if (!now) {
        return 0;
      }
      if (left-- <= 0) {
        return -1;
      }
      ByteBuffer one = ByteBuffer.allocate(1);
      int n = channel.read(one);
      into.put(one.flip());
      return n;
    }

    @Override
    public long position() {
      return channel.position();
    }

    @Override
    public SeekableByteChannel position(long position) {
      channel.position(position);
      return this;
    }

    @Override
    public long size() {
      return channel.size();
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}

    @Override
    public int write(ByteBuffer from) {
      throw new NonWritableChannelException();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
      throw new NonWritableChannelException();
    }
  }

  private void deflate() {
    method = 8;
    Deflater deflater = new Deflater(9, true);
    deflater.setInput(DATA);
    deflater.finish();
    byte[] buffer = new byte[100];
    packed = new byte[deflater.deflate(buffer)];
    System.arraycopy(buffer, 0, packed, 0, packed.length);
    deflater.end();
  }

  private byte[] whole() {
    byte[] directory = central();
    return join(local(), directory, end(directory.length, local().length));
  }

  private byte[] long64(String which, long length, long directoryAt) {
    byte[] large = new byte[56];
    little(large).putInt(0, 0x06064b50).putLong(40, length).putLong(48, directoryAt);
    byte[] locator = new byte[20];
    int at = local().length + central().length;
    little(locator).putInt(0, 0x07064b50).putLong(8, at);
    return join(
        local(),
        central(),
        large,
        locator,
        end(
            which.equals("offset") ? (int) length : -1,
            which.equals("length") ? (int) directoryAt : -1));
  }

  private byte[] local() {
    ByteBuffer bytes = ByteBuffer.allocate(30).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(0, 0x04034b50).putShort(6, (short) flags).putShort(8, (short) method);
    bytes.putShort(26, (short) name.length).putShort(28, (short) localExtra.length);
    return join(bytes.array(), name, localExtra, packed);
  }

  private byte[] central() {
    ByteBuffer bytes = ByteBuffer.allocate(46).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(0, 0x02014b50).putShort(10, (short) method).putInt(16, crc);
    bytes.putInt(20, packedClaimed == NONE ? packed.length : packedClaimed);
    bytes.putInt(24, sizeClaimed).putInt(42, offset);
    bytes.putShort(28, (short) name.length).putShort(30, (short) extra.length);
    bytes.putShort(32, (short) remark.length);
    return join(bytes.array(), name, extra, remark);
  }

  private byte[] end(int length, int directoryAt) {
    ByteBuffer bytes = ByteBuffer.allocate(22).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(0, 0x06054b50).putInt(12, length).putInt(16, directoryAt);
    bytes.putShort(20, (short) comment.length);
    return join(bytes.array(), comment);
  }

  private static byte[] wide(int claimed, long... lengths) {
    byte[] bytes = new byte[4 + Math.min(claimed, 8 * lengths.length)];
    ByteBuffer all = ByteBuffer.allocate(4 + 8 * lengths.length).order(ByteOrder.LITTLE_ENDIAN);
    all.putShort((short) 1).putShort((short) claimed);
    for (long length : lengths) {
      all.putLong(length);
    }
    all.flip().get(bytes);
    return bytes;
  }

  private static int sum(byte[] bytes) {
    CRC32 sum = new CRC32();
    sum.update(bytes);
    return (int) sum.getValue();
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static ZipArchive open(byte[] bytes) throws IOException {
    return new ZipArchive(MemoryChannel.of(bytes));
  }

  private static byte[] content(byte[] bytes) throws IOException {
    ZipArchive archive = open(bytes);
    try (InputStream in = archive.open(archive.entries().get(0))) {
      return in.readAllBytes();
    }
  }

  private static String damaged(String what) {
    return "the zip archive is damaged: " + what;
  }

  private static void assertRefused(byte[] bytes, String message) {
    assertThatThrownBy(() -> open(bytes)).isInstanceOf(IOException.class).hasMessage(message);
  }

  private static void assertUnreadable(byte[] bytes, String message) {
    assertThatThrownBy(() -> content(bytes)).isInstanceOf(IOException.class).hasMessage(message);
  }
}

package doppio.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryChannelTest {
  private static final int CHUNK = 1 << 18;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1000, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 17})
  void aStreamIsReadWholeAndInParts(int size) throws IOException {
    byte[] bytes = bytes(size);
    assertThat(all(MemoryChannel.of(new ByteArrayInputStream(bytes)))).isEqualTo(bytes);
    assertThat(all(MemoryChannel.once(new ByteArrayInputStream(bytes)))).isEqualTo(bytes);
    assertThat(all(MemoryChannel.of(bytes))).isEqualTo(bytes);
    assertThat(MemoryChannel.of(new ByteArrayInputStream(bytes)).size()).isEqualTo(size);
  }

  @Test
  void anyPlaceIsReadInAnyOrder() throws IOException {
    byte[] bytes = bytes(2 * CHUNK + 10);
    MemoryChannel channel = MemoryChannel.of(new ByteArrayInputStream(bytes));
    for (int place : new int[] {2 * CHUNK + 9, CHUNK, 0, CHUNK - 1, 5}) {
      ByteBuffer one = ByteBuffer.allocate(1);
      assertThat(channel.position(place).read(one)).isEqualTo(1);
      assertThat(one.get(0)).isEqualTo(bytes[place]);
      assertThat(channel.position()).isEqualTo(place + 1);
    }
    assertThat(channel.position(bytes.length).read(ByteBuffer.allocate(1))).isEqualTo(-1);
    assertThat(channel.position(bytes.length + 5L).read(ByteBuffer.allocate(1))).isEqualTo(-1);
  }

  @Test
  void itIsOpenUntilItIsClosedAndNeverWritten() {
    MemoryChannel channel = MemoryChannel.of(bytes(3));
    assertThat(channel.isOpen()).isTrue();
    assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(1)))
        .isInstanceOf(NonWritableChannelException.class);
    assertThatThrownBy(() -> channel.truncate(1)).isInstanceOf(NonWritableChannelException.class);
    channel.close();
    assertThat(channel.isOpen()).isFalse();
  }

  private static byte[] all(MemoryChannel channel) {
    ByteBuffer all = ByteBuffer.allocate((int) channel.size() + 100);
    while (channel.read(all) >= 0) {
      assertThat(channel.position()).isEqualTo(all.position());
    }
    byte[] bytes = new byte[all.position()];
    all.flip().get(bytes);
    return bytes;
  }

  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (i * 31 + i / 256);
    }
    return bytes;
  }
}

package doppio.internal;

import java.nio.Buffer;

/**
 * Moves in a buffer, which is given back. Its own methods, called by the type of a {@code
 * ByteBuffer}, are others from Java 9 on, which the published API of Android 13 has not.
 */
public final class Buffers {
  private Buffers() {}

  /** Makes room for so much, from the beginning. */
  public static <B extends Buffer> B room(B buffer, int count) {
    buffer.clear().limit(count);
    return buffer;
  }

  /** Goes back to the beginning of what has been put in, which ends here. */
  public static <B extends Buffer> B flip(B buffer) {
    buffer.flip();
    return buffer;
  }

  /** Goes to a place. */
  public static <B extends Buffer> B to(B buffer, int place) {
    buffer.position(place);
    return buffer;
  }
}

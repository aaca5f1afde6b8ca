package doppio.internal;

import java.io.IOException;

/** A number that a tensor cannot hold; the file itself is whole. */
public final class UnreadableNumberException extends IOException {
  private static final long serialVersionUID = 1;

  UnreadableNumberException(String message) {
    super(message);
  }
}

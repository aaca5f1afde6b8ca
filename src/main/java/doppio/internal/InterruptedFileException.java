package doppio.internal;

import java.nio.channels.ClosedByInterruptException;

/** Says which file was read or written when the thread was interrupted. */
public final class InterruptedFileException extends ClosedByInterruptException {
  private static final long serialVersionUID = 1L;

  private final String message;

  /** With the file's name in the message. */
  public InterruptedFileException(String message, ClosedByInterruptException cause) {
    this.message = message;
    initCause(cause);
  }

  @Override
  public String getMessage() {
    return message;
  }
}

package doppio.io;

import java.nio.channels.ClosedByInterruptException;

/** Says which file was read or written when the thread was interrupted. */
final class InterruptedFileException extends ClosedByInterruptException {
  private static final long serialVersionUID = 1L;

  private final String message;

  InterruptedFileException(String message, ClosedByInterruptException cause) {
    this.message = message;
    initCause(cause);
  }

  @Override
  public String getMessage() {
    return message;
  }
}

package doppio.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;

/**
 * The lines of a UTF-8 text, each of a bounded length; LF, CR LF and CR end a line.
 *
 * <p>{@code BufferedReader.readLine} has no bound: one line of a hostile file could take all
 * memory.
 */
final class Lines {
  /** The most characters that a line may have where nobody says otherwise. */
  static final int MAX_LENGTH = 1 << 20;

  static final char BYTE_ORDER_MARK = '\ufeff';

  private final Reader reader;
  private final int maxLength;
  private final char[] buffer = new char[1 << 13];
  private final StringBuilder line = new StringBuilder();
  private int position;
  private int limit;
  private boolean afterReturn;
  private long number;

  Lines(InputStream in, int maxLength) {
    reader = new InputStreamReader(in, StandardCharsets.UTF_8);
    this.maxLength = maxLength;
  }

  /** The number of the line that {@link #next} gave last, from 1. */
  long number() {
    return number;
  }

  /**
   * The next line without its end, or null after the last one.
   *
   * @throws IOException if the line is longer than the bound; the message names it
   */
  String next() throws IOException {
    line.setLength(0);
    boolean any = false;
    while (position < limit || fill()) {
      char c = buffer[position++];
      if (c == '\n' && afterReturn) {
        afterReturn = false;
        continue;
      }
      afterReturn = c == '\r';
      if (c == '\n' || c == '\r') {
        number++;
        return line.toString();
      }
      if (number == 0 && !any && c == BYTE_ORDER_MARK) {
        any = true;
        continue;
      }
      any = true;
      if (line.length() == maxLength) {
        throw new IOException(
            "line " + (number + 1) + " is longer than the limit of " + maxLength + " characters");
      }
      line.append(c);
    }
    if (line.length() == 0) {
      return null;
    }
    number++;
    return line.toString();
  }

  private boolean fill() throws IOException {
    position = 0;
    limit = Math.max(0, reader.read(buffer));
    return limit > 0;
  }
}

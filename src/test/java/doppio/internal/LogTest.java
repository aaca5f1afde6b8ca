package doppio.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What comes to the logger of the library within this process. */
@Timeout(60)
class LogTest {
  private final Logger logger = Logger.getLogger("doppio");
  private final Level before = logger.getLevel();
  private final BlockingQueue<LogRecord> records = new LinkedBlockingQueue<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          // As a handler that writes does, in the thread that logs.
          line.setMessage(new SimpleFormatter().formatMessage(line));
          line.setLoggerName(Thread.currentThread().getName());
          records.add(line);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    logger.setUseParentHandlers(false);
    logger.addHandler(handler);
    logger.setLevel(Level.ALL);
  }

  @AfterEach
  void stopListening() {
    logger.removeHandler(handler);
    logger.setUseParentHandlers(true);
    logger.setLevel(before);
  }

  @ParameterizedTest
  @CsvSource({"DEBUG, FINE", "INFO, INFO", "WARNING, WARNING"})
  void aLineComesOnceFromAThreadOfItsOwn(Log.Level level, String name) throws InterruptedException {
    Log.say(level, "what there is to say");
    LogRecord line = records.poll(30, TimeUnit.SECONDS);
    assertThat(line.getMessage()).isEqualTo("what there is to say");
    assertThat(line.getLevel()).isEqualTo(Level.parse(name));
    assertThat(line.getLoggerName()).isEqualTo("doppio-log");
    assertThat(records).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"DEBUG, FINE", "INFO, INFO", "WARNING, WARNING"})
  void whereTheJdkHasNoLoggersOfItsOwnTheOldOnesGetTheLine(String level, String name) {
    assertThat(AndroidLog.isLoggable(level)).isTrue();
    AndroidLog.log(level, "a line");
    LogRecord line = records.remove();
    assertThat(line.getMessage()).isEqualTo("a line");
    assertThat(line.getLevel()).isEqualTo(Level.parse(name));
    logger.setLevel(Level.OFF);
    assertThat(AndroidLog.isLoggable(level)).isFalse();
  }

  @Test
  void aLineThatNobodyWantsIsNotFormatted() {
    logger.setLevel(Level.WARNING);
    assertThat(SystemLog.isLoggable("INFO")).isFalse();
    assertThat(SystemLog.isLoggable("WARNING")).isTrue();
    Object line =
        new Object() {
          @Override
          public String toString() {
            throw new AssertionError("formatted");
          }
        };
    SystemLog.log("INFO", line);
    AndroidLog.log("INFO", line);
    assertThat(records).isEmpty();
  }
}

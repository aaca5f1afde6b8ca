package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class EpochLoggerTest {
  @Test
  void aLineIsLoggedForEachEpoch() {
    List<String> lines = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord entry) {
            lines.add(entry.getLevel() + " " + entry.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger("doppio.train");
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
    try {
      new Problem(1).trainer().callback(new EpochLogger()).fit(Problem.DATA);
    } finally {
      logger.removeHandler(handler);
      logger.setUseParentHandlers(true);
    }
    assertThat(lines).hasSize(3);
    assertThat(lines.get(2))
        .matches("INFO epoch 3/3: loss .*, validation loss .*, accuracy .*; .* samples/s");
  }

  @Test
  void itPrintsItsName() {
    assertThat(new EpochLogger()).hasToString("EpochLogger()");
  }
}

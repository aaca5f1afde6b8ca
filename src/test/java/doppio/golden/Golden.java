package doppio.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import doppio.Tensor;
import doppio.io.SafeTensors;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Numbers that libtorch 2.7.1 computed; {@code GoldenValues} in src/parity/java makes the file. */
public final class Golden {
  /** The file's name among the test resources. */
  public static final String FILE = "doppio/golden/libtorch.safetensors";

  private Golden() {}

  /** All numbers whose names begin with a prefix, without it. */
  public static Map<String, Tensor> load(String prefix) {
    Map<String, Tensor> found = new LinkedHashMap<>();
    try {
      Path file = Path.of(Golden.class.getClassLoader().getResource(FILE).toURI());
      SafeTensors.load(file)
          .forEach(
              (name, tensor) -> {
                if (name.startsWith(prefix)) {
                  found.put(name.substring(prefix.length()), tensor);
                }
              });
    } catch (IOException | URISyntaxException e) {
      throw new AssertionError(e);
    }
    assertThat(found).as("golden values of " + prefix).isNotEmpty();
    return found;
  }

  /** The same names and shapes, and |a − b| ≤ tolerance · max(1, |b|) for every number. */
  public static void assertClose(
      Map<String, Tensor> actual, Map<String, Tensor> expected, double tolerance) {
    assertThat(actual.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
    expected.forEach(
        (name, b) -> {
          Tensor a = actual.get(name);
          assertThat(a.shape()).as(name).isEqualTo(b.shape());
          for (int i = 0; i < b.size(); i++) {
            double difference = Math.abs(a.data()[i] - b.data()[i]);
            if (!(difference <= tolerance * Math.max(1, Math.abs(b.data()[i])))) {
              fail("%s[%d] is %s, not %s", name, i, a.data()[i], b.data()[i]);
            }
          }
        });
  }
}

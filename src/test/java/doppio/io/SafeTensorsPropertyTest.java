package doppio.io;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

class SafeTensorsPropertyTest {
  private static final double[] SPECIAL = {
    0.0,
    -0.0,
    Double.NaN,
    Double.longBitsToDouble(0x7ff8_0000_dead_beefL),
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.MIN_VALUE,
    -Double.MAX_VALUE,
    Float.MAX_VALUE,
    Float.MIN_VALUE
  };

  private static Path file;

  @BeforeContainer
  static void createFile() throws IOException {
    file = Files.createTempFile("doppio", ".safetensors");
  }

  @AfterContainer
  static void deleteFile() throws IOException {
    Files.delete(file);
  }

  @Property(tries = 200)
  void doublesMakeTheRoundTripToTheBit(
      @ForAll("tensors") Map<String, Tensor> tensors, @ForAll("texts") Map<String, String> metadata)
      throws IOException {
    SafeTensors.save(file, tensors, Dtype.F64, metadata);
    SafeTensors.Contents read = SafeTensors.read(file);
    assertThat(read.metadata()).containsExactlyEntriesOf(metadata);
    assertThat(read.tensors().keySet()).containsExactlyElementsOf(tensors.keySet());
    tensors.forEach(
        (name, expected) -> {
          Tensor actual = read.tensors().get(name);
          assertThat(actual.shape()).isEqualTo(expected.shape());
          assertThat(bits(actual.data())).isEqualTo(bits(expected.data()));
        });
  }

  @Property(tries = 100)
  void floatsMakeTheRoundTripRounded(@ForAll("tensors") Map<String, Tensor> tensors)
      throws IOException {
    SafeTensors.save(file, tensors, Dtype.F32);
    Map<String, Tensor> read = SafeTensors.load(file);
    assertThat(read.keySet()).containsExactlyElementsOf(tensors.keySet());
    tensors.forEach(
        (name, expected) -> {
          double[] rounded = Arrays.stream(expected.data()).map(x -> (float) x).toArray();
          assertThat(read.get(name).shape()).isEqualTo(expected.shape());
          assertThat(read.get(name).data()).isEqualTo(rounded);
        });
  }

  @Property(tries = 100)
  void dataBeginsAtAMultipleOfEight(@ForAll("tensors") Map<String, Tensor> tensors)
      throws IOException {
    SafeTensors.save(file, tensors);
    long data = tensors.values().stream().mapToLong(t -> 8L * t.size()).sum();
    assertThat((Files.size(file) - data) % 8).isZero();
  }

  @Provide
  Arbitrary<Map<String, Tensor>> tensors() {
    return Arbitraries.maps(names(), tensor())
        .ofMaxSize(6)
        .map(map -> (Map<String, Tensor>) new LinkedHashMap<>(map));
  }

  @Provide
  Arbitrary<Map<String, String>> texts() {
    return Arbitraries.maps(names(), names())
        .ofMaxSize(4)
        .map(map -> (Map<String, String>) new LinkedHashMap<>(map));
  }

  /** Any Unicode text; what UTF-8 cannot encode becomes a question mark. */
  private static Arbitrary<String> names() {
    return Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(12),
            Arbitraries.of("0.weight", "𝛽 ☕", "\"\\/", "\0\n\u001f", "", "name with spaces"))
        .map(s -> new String(s.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
  }

  private static Arbitrary<Tensor> tensor() {
    Arbitrary<int[]> shapes = Arbitraries.integers().between(0, 4).array(int[].class).ofMaxSize(4);
    return shapes.flatMap(shape -> Arbitraries.randomValue(random -> fill(shape, random)));
  }

  private static Tensor fill(int[] shape, Random random) {
    Tensor t = Tensor.zeros(shape);
    double[] data = t.data();
    for (int i = 0; i < data.length; i++) {
      data[i] =
          random.nextInt(4) == 0 ? SPECIAL[random.nextInt(SPECIAL.length)] : random.nextGaussian();
    }
    return t;
  }

  private static long[] bits(double[] values) {
    return Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
  }
}

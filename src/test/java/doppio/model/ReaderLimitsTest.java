package doppio.model;

import static doppio.internal.onnx.OnnxBytes.attribute;
import static doppio.internal.onnx.OnnxBytes.graph;
import static org.assertj.core.api.Assertions.assertThat;

import doppio.Campaign;
import doppio.Tensor;
import doppio.internal.Allowance;
import doppio.internal.ChildJvm;
import doppio.internal.onnx.OnnxBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A reader takes at most eight times a file of memory, and a constant; so much is there in the JVMs
 * here, for the narrowest numbers and for files that are all names or all structure. They also come
 * to an end in less time than a test has, where time that grows with more than the file would be
 * hours.
 */
@Tag("jvm")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReaderLimitsTest {
  /** So large that numbers twice are more than the constant. */
  private static final int SIDE = 3 << 10;

  private static final int BYTES = SIDE * SIDE;

  /** What a JVM takes for itself. */
  private static final int JVM = 24 << 20;

  private static final byte[] NARROW = narrow(BYTES);

  private Path folder;
  private final List<String> large = new ArrayList<>();

  /** Graphs that do something more to what is read, wherever it comes from. */
  private final List<String> computed = new ArrayList<>();

  private final List<String> hostile = new ArrayList<>();

  @BeforeAll
  void writeFiles(@TempDir Path temporary) throws IOException {
    folder = temporary;
    writeOnnx();
    writeTensors();
    writeHostile();
  }

  @Test
  void ofAFileEightTimesItsLength() {
    List<String> all = new ArrayList<>(large);
    all.addAll(computed);
    assertThat(outcomes("path", 8, all)).allSatisfy(line -> assertThat(line).endsWith(" loaded"));
  }

  @Test
  void ofAStreamThatBesideWhatItGives() {
    assertThat(outcomes("stream", 9, large))
        .allSatisfy(line -> assertThat(line).endsWith(" loaded"));
  }

  @Test
  void ofBytesThatBesideThem() {
    assertThat(outcomes("bytes", 9, large))
        .allSatisfy(line -> assertThat(line).endsWith(" loaded"));
  }

  @Test
  void ofNamesAndStructureNoMoreEither() {
    List<String> sources = List.of("path", "stream", "bytes");
    // Bytes go the way of a stream's, and take no more.
    for (String source : sources.subList(0, Campaign.LONG ? 3 : 2)) {
      assertThat(outcomes(source, 9, hostile))
          .allSatisfy(line -> assertThat(line).containsPattern(" (loaded|refused .*)$"));
    }
  }

  private static List<String> outcomes(String source, int times, List<String> files) {
    long heap = (long) times * BYTES + Allowance.FREE + JVM;
    List<String> arguments = new ArrayList<>(List.of(source));
    arguments.addAll(files);
    ChildJvm.Result result =
        ChildJvm.run(
            ReaderLimitsProgram.class,
            List.of("-Xmx" + heap, "-XX:-UseSerialGC", "-XX:+UseG1GC"),
            arguments.toArray(String[]::new));
    assertThat(result.errors()).isEmpty();
    assertThat(result.output()).hasSameSizeAs(files);
    return result.output();
  }

  private void writeOnnx() throws IOException {
    for (int type : new int[] {2, 9}) {
      OnnxBytes w = initializer(type, 9, SIDE, SIDE);
      onnx("product" + type, weights(w).node("MatMul x f -> y"));
      onnx("affine" + type, weights(w).node("Gemm x f -> y", attribute("transB", 1L)));
      onnx("sum" + type, weights(w, graph(-1, SIDE, SIDE)).node("Add x f -> y"));
    }
    OnnxBytes w = initializer(2, 9, SIDE, SIDE);
    for (String between :
        List.of(
            "Identity w -> v",
            "Reshape w s -> v",
            "Transpose w -> v",
            "Concat w w -> v",
            "Slice w z s -> v",
            "Unsqueeze w z1 -> u,Squeeze u z1 -> v",
            "Mul w w -> v",
            "Neg w -> v")) {
      OnnxBytes graph =
          graph(-1, SIDE).part(5, w).wholes("s", SIDE, SIDE).wholes("z", 0, 0).wholes("z1", 0);
      for (String node : between.split(",", -1)) {
        OnnxBytes axis = attribute("axis", 1L);
        graph = node.startsWith("Concat") ? graph.node(node, axis) : graph.node(node);
      }
      String name = between.substring(0, between.indexOf(' '));
      OnnxBytes cast = cast(graph, "v").node("MatMul x f -> y");
      computed.add(write(name + ".onnx", OnnxBytes.file(13, cast)));
      graph = graph(-1, SIDE).part(5, w).wholes("s", SIDE, SIDE).wholes("z", 0, 0).wholes("z1", 0);
      cast(graph, "w");
      for (String node : between.replace(" w", " f").split(",", -1)) {
        OnnxBytes axis = attribute("axis", 1L);
        graph = node.startsWith("Concat") ? graph.node(node, axis) : graph.node(node);
      }
      graph.node("MatMul x v -> y");
      computed.add(write(name + "Float.onnx", OnnxBytes.file(13, graph)));
    }
    onnx("constant", constant(w, "w").node("MatMul x f -> y"));
    onnx("unused", constant(w, "v").part(5, initializer(6, 5, 16)).node("Relu x -> y"));
    onnx("typed", weights(initializer(6, 5, SIDE, SIDE)).node("MatMul x f -> y"));
    onnx("long", weights(initializer(7, 7, SIDE, SIDE)).node("MatMul x f -> y"));
    OnnxBytes list = new OnnxBytes().text(1, "value_ints").bytes(8, positive()).number(20, 7);
    OnnxBytes ints = graph(-1, 1).node("Constant -> w", list);
    onnx("list", cast(ints, "w").node("Add x f -> y"));
    OnnxBytes floats = new OnnxBytes().number(1, SIDE).number(1, SIDE / 4).number(2, 1);
    floats.bytes(9, NARROW).text(8, "w");
    onnx("floats", graph(-1, SIDE).part(5, floats).node("MatMul x w -> y"));
    OnnxBytes filters = weights(initializer(3, 9, SIDE, SIDE, 1), graph(-1, SIDE, 8));
    onnx("conv", filters.node("Conv x f -> y"));
    OnnxBytes both = weights(w).node("MatMul x f -> z").node("Gemm z f -> y");
    onnx("twice", both);
  }

  private static OnnxBytes weights(OnnxBytes w) {
    return weights(w, graph(-1, SIDE));
  }

  private static OnnxBytes weights(OnnxBytes w, OnnxBytes graph) {
    return cast(graph.part(5, w), "w");
  }

  private static OnnxBytes cast(OnnxBytes graph, String from) {
    return graph.node("Cast " + from + " -> f", attribute("to", 1L));
  }

  private static OnnxBytes constant(OnnxBytes tensor, String name) {
    OnnxBytes graph = graph(-1, SIDE).node("Constant -> " + name, attribute("value", tensor));
    return name.equals("w") ? cast(graph, "w") : graph;
  }

  /** A tensor w of a type, its numbers under a field, a byte each. */
  private static OnnxBytes initializer(int type, int field, long... shape) {
    OnnxBytes tensor = new OnnxBytes();
    long size = 1;
    for (long n : shape) {
      tensor.number(1, n);
      size *= n;
    }
    byte[] data = type == 9 || field != 9 ? positive() : NARROW;
    data = size == BYTES ? data : Arrays.copyOf(data, (int) size);
    return tensor.number(2, type).bytes(field, data).text(8, "w");
  }

  private void onnx(String name, OnnxBytes graph) throws IOException {
    large.add(write(name + ".onnx", OnnxBytes.file(13, graph)));
  }

  private void writeTensors() throws IOException {
    String ofBytes = "{'descr': '|u1', 'fortran_order': %s, 'shape': (%d, %d), }";
    byte[] npy = npy(String.format(ofBytes, "False", SIDE, SIDE), NARROW);
    large.add(write("bytes.npy", npy));
    large.add(write("fortran.npy", npy(String.format(ofBytes, "True", SIDE, SIDE), NARROW)));
    large.add(write("bytes.npz", Pickle.zip(Map.of("x.npy", npy))));
    for (String type : List.of("U8", "F8_E4M3", "F8_E8M0", "F16", "BF16", "BOOL")) {
      int n = type.endsWith("F16") ? BYTES / 2 : BYTES;
      byte[] data = type.equals("BOOL") ? new byte[n] : NARROW;
      String header =
          "{\"x\":{\"dtype\":\"%s\",\"shape\":[%d],\"data_offsets\":[0,%d]}}"
              .formatted(type, n, BYTES);
      large.add(write(type + ".safetensors", safeTensors(header, data)));
    }
    String model =
        "{\"__metadata__\":{\"doppio.model\":\"{\\\"version\\\":1,\\\"model\\\":{\\\"type\\\":"
            + "\\\"Linear\\\",\\\"parameters\\\":{\\\"weight\\\":\\\"weight\\\"}}}\"},"
            + "\"weight\":{\"dtype\":\"U8\",\"shape\":[%d,%d],\"data_offsets\":[0,%d]}}"
                .formatted(SIDE, SIDE, BYTES);
    large.add(write("x.model", safeTensors(model, NARROW)));
    large.add(write("contiguous.pt", torch(new int[] {SIDE, SIDE}, new int[] {SIDE, 1})));
    large.add(write("transposed.pt", torch(new int[] {SIDE, SIDE}, new int[] {1, SIDE})));
    large.add(write("part.pt", torch(new int[] {SIDE, SIDE / 2}, new int[] {SIDE, 2})));
    byte[] digits = new byte[BYTES];
    for (int i = 0; i < BYTES; i++) {
      digits[i] = (byte) (i % 2 == 0 ? '1' : '\n');
    }
    large.add(write("column.csv", digits));
    for (int i = 0; i < BYTES; i++) {
      digits[i] = (byte) (i % 2 == 0 ? '1' : i % 4096 == 4095 ? '\n' : ',');
    }
    large.add(write("rows.csv", digits));
    byte[] head = {0, 0, 8, 2, 0, 0, SIDE >> 8, 0, 0, 0, SIDE >> 8, 0};
    large.add(write("bytes.idx", join(head, NARROW)));
  }

  private static byte[] torch(int[] shape, int[] strides) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put(
        "x/data.pkl",
        new Pickle()
            .dict()
            .text("x")
            .global("torch._utils", "_rebuild_tensor_v2")
            .op('(')
            .storage("ByteStorage", "0", BYTES)
            .number(0)
            .tuple(shape)
            .tuple(strides)
            .op('t', 'R', 'u', '.')
            .bytes());
    entries.put("x/data/0", NARROW);
    return Pickle.zip(entries);
  }

  private void writeHostile() throws IOException {
    String ones = "1, ".repeat(340_000);
    String column = "{'descr': '|u1', 'fortran_order': True, 'shape': (1048576, " + ones + "), }";
    hostile.add(write("ones.npy", npy(column, new byte[1 << 20])));
    byte[] member = gzip(new byte[0]);
    byte[] idx = {0, 0, 8, 1, 0, 0, 0, 0};
    hostile.add(write("members.idx", join(repeat(member, BYTES / member.length), gzip(idx))));
    hostile.add(write("metadata.safetensors", entries("{\"__metadata__\":", ":\"\"", "}")));
    String entry = ":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}";
    hostile.add(write("tensors.safetensors", entries("", entry, "")));
    String name =
        "{\"" + "n".repeat(BYTES) + "\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":";
    hostile.add(write("name.safetensors", safeTensors(name + "[0,1]}}", new byte[1])));
    hostile.add(write("deep.safetensors", safeTensors("[".repeat(BYTES), new byte[0])));
    hostile.add(write("modules.model", model(entriesOf("\"type\":\"ReLU\""))));
    hostile.add(write("deep.model", model("\\\"a\\\":{\\\"children\\\":{".repeat(BYTES / 32))));
    hostile.add(write("doubling.model", model(doubling(60))));
    hostile.add(write("dicts.pt", pickle(repeat(new byte[] {'}'}, BYTES))));
    hostile.add(write("numbers.pt", pickle(repeat(new byte[] {'J', 1, 2, 3, 4}, BYTES / 5))));
    hostile.add(write("marks.pt", pickle(repeat(new byte[] {'('}, BYTES))));
    hostile.add(write("names.onnx", many(8, i -> new OnnxBytes().text(8, name(i)).toBytes(), 5)));
    hostile.add(write("nodes.onnx", many(8, i -> node(name(i)), 1)));
    hostile.add(write("inputs.onnx", many(8, i -> new OnnxBytes().text(1, name(i)).toBytes(), 11)));
    OnnxBytes wide = new OnnxBytes();
    for (int i = 0; i < BYTES / 3; i++) {
      wide.text(1, "x");
    }
    wide.text(2, "y").text(4, "Max");
    hostile.add(write("wide.onnx", OnnxBytes.file(13, graph(1).part(1, wide))));
    OnnxBytes again = graph(-1, SIDE).floats("w", Tensor.zeros(SIDE, SIDE / 8));
    for (int i = 0; i < 20_000; i++) {
      again.node("MatMul x w -> y" + i);
    }
    hostile.add(write("again.onnx", OnnxBytes.file(13, again.node("Relu y0 -> y"))));
    OnnxBytes sums = graph(-1, 1).floats("w", Tensor.zeros(SIDE, SIDE / 8));
    for (int i = 0; i < 20_000; i++) {
      sums.node("ReduceSum w -> s" + i).node("Gather w s" + i + " -> g" + i);
    }
    hostile.add(write("sums.onnx", OnnxBytes.file(13, sums.node("Relu x -> y"))));
    byte[] text = new byte[BYTES];
    Arrays.fill(text, (byte) '1');
    hostile.add(write("line.csv", text));
    Arrays.fill(text, (byte) ',');
    hostile.add(write("commas.csv", text));
    text[0] = '"';
    hostile.add(write("quote.csv", text));
  }

  private static String name(int i) {
    return Integer.toString(i, 36);
  }

  private static byte[] node(String output) {
    return new OnnxBytes().text(1, "x").text(2, output).text(4, "Abs").toBytes();
  }

  /** A graph of as many parts under a field as the file has room for. */
  private static byte[] many(int least, IntFunction<byte[]> part, int field) {
    OnnxBytes graph = graph(1);
    for (int i = 0; i < BYTES / (least + 8); i++) {
      graph.bytes(field, part.apply(i));
    }
    return OnnxBytes.file(13, graph.node("Relu x -> y"));
  }

  /** JSON of as many entries as the file has room for, each of a name and the same value. */
  private static byte[] entries(String before, String value, String after) {
    StringBuilder json = new StringBuilder(before).append('{');
    for (int i = 0; json.length() < BYTES / 2; i++) {
      json.append(i == 0 ? "\"" : ",\"").append(name(i)).append('"').append(value);
    }
    return safeTensors(json.append('}').append(after).toString(), new byte[0]);
  }

  private static String entriesOf(String value) {
    StringBuilder json = new StringBuilder();
    for (int i = 0; json.length() < BYTES / 4; i++) {
      json.append(i == 0 ? "\"" : ",\"").append(i).append("\":{").append(value).append('}');
    }
    return json.toString().replace("\"", "\\\"");
  }

  /** Modules of which each is twice within the next. */
  private static String doubling(int depth) {
    String json = "\"0\":{\"type\":\"ReLU\"}";
    for (int i = 0; i < depth; i++) {
      json = "\"0\":{\"type\":\"Sequential\",\"children\":{" + json + ",\"1\":{\"same\":\"@\"}}}";
    }
    for (int i = depth; i > 0; i--) {
      json = json.replaceFirst("@", "0" + ".0".repeat(i));
    }
    return json.replace("\"", "\\\"");
  }

  private static byte[] model(String children) {
    String text =
        "{\\\"version\\\":1,\\\"model\\\":{\\\"type\\\":\\\"Sequential\\\",\\\"children\\\":{"
            + children
            + "}}}";
    return safeTensors("{\"__metadata__\":{\"doppio.model\":\"" + text + "\"}}", new byte[0]);
  }

  private static byte[] pickle(byte[] operations) throws IOException {
    return Pickle.zip(Map.of("x/data.pkl", join(new byte[] {(byte) 0x80, 2}, operations)));
  }

  private static byte[] safeTensors(String header, byte[] data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    return join(length.putLong(json.length).array(), json, data);
  }

  private static byte[] npy(String header, byte[] data) {
    byte[] text = header.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer start = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    start.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII)).put((byte) 2);
    return join(start.put((byte) 0).putInt(text.length).array(), text, data);
  }

  private static byte[] narrow(int size) {
    byte[] bytes = new byte[size];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  /** Whole numbers of one byte each, as a packed list has them, and truth values. */
  private static byte[] positive() {
    byte[] bytes = NARROW.clone();
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] &= 1;
    }
    return bytes;
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(content);
    }
    return packed.toByteArray();
  }

  private static byte[] repeat(byte[] part, int times) {
    byte[] all = new byte[part.length * times];
    for (int i = 0; i < times; i++) {
      System.arraycopy(part, 0, all, i * part.length, part.length);
    }
    return all;
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private String write(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content).toString();
  }
}

package doppio.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Class files whose packages have another name, as tools make them that put a library into another
 * jar: in every text, the name of a class or not, that begins with {@code doppio} it becomes {@code
 * hidden.doppio}.
 */
final class Renamed {
  private Renamed() {}

  /** Copies a folder of classes. */
  static void copy(Path from, Path to) throws IOException {
    copy(from, to.resolve("hidden"), Renamed::hidden);
  }

  /** Copies a folder of classes, with other names and texts. */
  static void copy(Path from, Path to, UnaryOperator<String> rename) throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.walk(from)) {
      files = found.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      Path target = to.resolve(from.relativize(file).toString());
      Files.createDirectories(target.getParent());
      byte[] bytes = Files.readAllBytes(file);
      boolean renamed = file.toString().endsWith(".class") && !file.endsWith("module-info.class");
      Files.write(target, renamed ? rename(bytes, rename) : bytes);
    }
  }

  /** All names and texts of a class file stand in its table of constants. */
  private static byte[] rename(byte[] file, UnaryOperator<String> rename) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(file));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeLong(in.readLong());
    int constants = in.readUnsignedShort();
    out.writeShort(constants);
    for (int i = 1; i < constants; i++) {
      int tag = in.readUnsignedByte();
      out.writeByte(tag);
      if (tag == 1) {
        out.writeUTF(rename.apply(in.readUTF()));
      } else {
        out.write(in.readNBytes(size(tag)));
      }
      if (tag == 5 || tag == 6) {
        // A long or double counts twice.
        i++;
      }
    }
    in.transferTo(out);
    return bytes.toByteArray();
  }

  private static String hidden(String text) {
    // Names of classes, then their descriptors, then texts.
    return text.replaceAll("^doppio/", "hidden/doppio/")
        .replaceAll("Ldoppio/", "Lhidden/doppio/")
        .replaceAll("^doppio\\b", "hidden.doppio");
  }

  private static int size(int tag) {
    return switch (tag) {
      case 7, 8, 16, 19, 20 -> 2;
      case 15 -> 3;
      case 3, 4, 9, 10, 11, 12, 17, 18 -> 4;
      case 5, 6 -> 8;
      default -> throw new IllegalArgumentException("constant of kind " + tag);
    };
  }
}

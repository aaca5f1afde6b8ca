package doppio.fault;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * The library's own classes, loaded once more, with a call of {@link Fault#point} before everything
 * that takes memory: each new object or array, each lambda, each call of a method of the JDK but
 * those that are known to take none.
 */
public final class FaultyClasses extends ClassLoader {
  /** Owners whose methods take none but for the objects that they return. */
  private static final List<String> FRUGAL_OWNERS =
      List.of(
          "java/lang/Math",
          "java/lang/StrictMath",
          "java/lang/Double",
          "java/lang/Long",
          "java/lang/Integer",
          "java/lang/Float",
          "java/lang/Enum",
          "java/lang/Thread",
          "java/util/concurrent/atomic/AtomicBoolean",
          "java/util/concurrent/atomic/AtomicInteger",
          "java/util/concurrent/atomic/AtomicReference",
          "java/util/concurrent/atomic/AtomicReferenceArray",
          "java/util/concurrent/locks/LockSupport");

  private static final Set<String> FRUGAL =
      Set.of(
          "java/lang/Object.<init>",
          "java/lang/Object.getClass",
          "java/lang/Record.<init>",
          "java/lang/Runnable.run",
          "java/lang/System.arraycopy",
          "java/lang/System.nanoTime",
          "java/lang/Thread.currentThread",
          "java/lang/ref/WeakReference.get",
          "java/util/concurrent/atomic/AtomicReference.get",
          "java/util/concurrent/atomic/AtomicReferenceArray.getPlain",
          "java/util/Arrays.fill",
          "java/util/List.get",
          "java/util/List.size",
          "java/util/List.isEmpty",
          "java/util/List.remove",
          "java/util/ArrayList.get",
          "java/util/ArrayList.size",
          "java/util/ArrayList.clear",
          // Where there is room, which is made before.
          "java/util/ArrayList.add",
          // Of a function that has none of its own; it is called here, too.
          "java/util/List.forEach",
          "java/util/Map.forEach",
          "java/util/Map.get");

  private int sites;

  private FaultyClasses() {
    super(FaultyClasses.class.getClassLoader());
  }

  /**
   * Runs a program of the tests that sees these classes.
   *
   * @param program a {@code Supplier} with a constructor that takes a text
   * @return what it supplies, which is of the JDK's types alone
   */
  public static Object run(Class<?> program, String argument) throws ReflectiveOperationException {
    String threads = System.getProperty("doppio.threads");
    System.setProperty("doppio.threads", "1");
    try {
      Class<?> found = new FaultyClasses().loadClass(program.getName());
      return ((Supplier<?>) found.getDeclaredConstructor(String.class).newInstance(argument)).get();
    } finally {
      if (threads == null) {
        System.clearProperty("doppio.threads");
      } else {
        System.setProperty("doppio.threads", threads);
      }
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith("doppio.")) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? define(name) : loaded;
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    String file = name.replace('.', '/') + ".class";
    try (InputStream in = getParent().getResourceAsStream(file)) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] bytes = in.readAllBytes();
      boolean isTest = getParent().getResource(file).toString().contains("/test-classes/");
      byte[] faulty = isTest ? bytes : faulty(bytes);
      return defineClass(name, faulty, 0, faulty.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  private byte[] faulty(byte[] bytes) {
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    new ClassReader(bytes)
        .accept(
            new ClassVisitor(Opcodes.ASM9, writer) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String type, String signature, String[] exceptions) {
                return new Points(super.visitMethod(access, name, type, signature, exceptions));
              }
            },
            0);
    return writer.toByteArray();
  }

  private final class Points extends MethodVisitor {
    Points(MethodVisitor next) {
      super(Opcodes.ASM9, next);
    }

    private void point() {
      super.visitLdcInsn(sites++);
      super.visitMethodInsn(Opcodes.INVOKESTATIC, "doppio/fault/Fault", "point", "(I)V", false);
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
      if (opcode == Opcodes.ANEWARRAY) {
        point();
      }
      super.visitTypeInsn(opcode, type);
      if (opcode == Opcodes.NEW) {
        // Behind it: what is said of an object that is not ready yet names the place before.
        point();
      }
    }

    @Override
    public void visitIntInsn(int opcode, int operand) {
      if (opcode == Opcodes.NEWARRAY) {
        point();
      }
      super.visitIntInsn(opcode, operand);
    }

    @Override
    public void visitMultiANewArrayInsn(String type, int dimensions) {
      point();
      super.visitMultiANewArrayInsn(type, dimensions);
    }

    @Override
    public void visitInvokeDynamicInsn(String name, String type, Handle maker, Object... more) {
      if (!type.startsWith("()")) {
        // A lambda that holds nothing is made once, by whoever came first.
        point();
      }
      super.visitInvokeDynamicInsn(name, type, maker, more);
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String type, boolean isInterface) {
      if (!owner.startsWith("doppio/") && !isFrugal(owner, name, type)) {
        point();
      }
      super.visitMethodInsn(opcode, owner, name, type, isInterface);
    }

    private boolean isFrugal(String owner, String name, String type) {
      boolean object = type.endsWith(";") || type.endsWith("[D");
      return FRUGAL.contains(owner + "." + name)
          || (FRUGAL_OWNERS.contains(owner) && !name.equals("<init>") && !object);
    }
  }
}

# What `cmake --install` puts below a prefix, and cpack into a package. The
# program finds all of it from its own place (cli/find.c), so that the prefix may
# be moved.
#
#   bin/                iksim, iksim-cc
#   include/iksim/      policy.h, which policies in C and C++ are written against
#   share/iksim/        guests, scenarios and plans; sdk/: what guests are
#                       compiled with
#   share/cmake/Ilwaco/ find_package(Ilwaco)
#   share/iksim/schema/ JSON schemas of scenarios and plans
#   share/man/man1/     a page a command
#   share/bash-completion/, share/zsh/, share/fish/
#   share/doc/iksim/    the documents
if(NOT TARGET iksim)
  return()
endif()

# Manual pages and completions are what the program prints.
set(pages ${CMAKE_BINARY_DIR}/share)
add_custom_command(OUTPUT ${pages}/pages.stamp
  COMMAND ${CMAKE_SOURCE_DIR}/tools/pages $<TARGET_FILE:iksim> ${pages}
  COMMAND ${CMAKE_COMMAND} -E touch ${pages}/pages.stamp
  DEPENDS iksim ${CMAKE_SOURCE_DIR}/tools/pages
  COMMENT "Printing manual pages and completions" VERBATIM)
add_custom_target(pages ALL DEPENDS ${pages}/pages.stamp)

install(TARGETS iksim DESTINATION bin)
install(FILES cli/plugin/iksim/policy.h DESTINATION include/iksim)
install(DIRECTORY ${CMAKE_BINARY_DIR}/guests
  DESTINATION ${IKSIM_DATA_FOLDER} FILES_MATCHING PATTERN *.elf PATTERN *.yaml)
foreach(name IN ITEMS scenarios plans paper policies)
  install(DIRECTORY ${CMAKE_SOURCE_DIR}/workloads/${name}
    DESTINATION ${IKSIM_DATA_FOLDER}/workloads FILES_MATCHING PATTERN *.yaml
    PATTERN *.lua PATTERN *.c)
endforeach()
install(PROGRAMS ${CMAKE_SOURCE_DIR}/ilwaco/sdk/iksim-cc DESTINATION bin)
install(DIRECTORY ${CMAKE_BINARY_DIR}/sdk DESTINATION ${IKSIM_DATA_FOLDER}
  PATTERN *.stamp EXCLUDE)
install(DIRECTORY ${pages}/ DESTINATION share PATTERN *.stamp EXCLUDE)
install(FILES README.md ARCHITECTURE.md LICENSE DESTINATION share/doc/iksim)
install(DIRECTORY docs/ DESTINATION share/doc/iksim/docs
  PATTERN man EXCLUDE PATTERN *.txt EXCLUDE)
install(FILES cmake/copyright DESTINATION share/doc/iksim)
if(IKSIM_HAVE_LWIP) # It is in the guests.
  install(FILES ${IKSIM_LWIP_DIR}/COPYING DESTINATION share/doc/iksim
    RENAME copyright.lwip)
endif()

# Debian 12 has Unicorn only older than what is built with there (tools/setup
# takes it from Debian 13), so the library is carried, with its copyright.
set(release "")
if(EXISTS /etc/os-release)
  file(STRINGS /etc/os-release release REGEX "^(ID|VERSION_ID)=")
  string(REGEX REPLACE "(ID|VERSION_ID|=|\"|;)" "" release "${release}")
endif()
set(carries OFF)
if(release MATCHES "^(debian12|12debian)$")
  set(carries ON)
endif()
option(IKSIM_CARRIES_UNICORN "Install libunicorn with the program" ${carries})
if(IKSIM_CARRIES_UNICORN)
  find_library(IKSIM_UNICORN_LIBRARY unicorn REQUIRED
    HINTS ${UNICORN_LIBRARY_DIRS})
  file(REAL_PATH ${IKSIM_UNICORN_LIBRARY} library)
  install(FILES ${library} DESTINATION lib/iksim)
  file(GLOB copyright /usr/share/doc/libunicorn2*/copyright)
  if(NOT copyright)
    message(FATAL_ERROR "The copyright of the Unicorn that is carried is not in "
      "/usr/share/doc: it is part of libunicorn2t64.")
  endif()
  list(GET copyright 0 copyright)
  install(FILES ${copyright} DESTINATION share/doc/iksim
    RENAME copyright.unicorn)
  set_target_properties(iksim PROPERTIES INSTALL_RPATH "$ORIGIN/../lib/iksim")
endif()

# `cmake --build build --target package`: for the Debian that builds it. What
# it depends on is what its programs are linked with.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME iksim)
set(CPACK_PACKAGE_CONTACT "iksim <iksim@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY
  "simulator of an isolation kernel in the manner of Denali")
set(CPACK_PACKAGE_DESCRIPTION
  "Each virtual machine runs real 32-bit x86 code on one simulated processor;
a small kernel decides who is admitted, who runs, which pages are in core, and
when a virtual interrupt is seen. Simulated clients speak TCP to thousands of
machines, and check every byte. A run is deterministic.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
if(release MATCHES "[0-9]+")
  set(CPACK_DEBIAN_PACKAGE_RELEASE 1~deb${CMAKE_MATCH_0})
endif()
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS
  "clang-19, lld-19, binutils, gnuplot-nox | gnuplot, fonts-dejavu-core")
include(CPack)

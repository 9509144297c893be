# What guests anywhere are compiled with, in build/sdk as it is installed
# (share/iksim/sdk), and iksim-cc, which does it:
#
#   include/         headers: ilwaco/, isa/; libc/, the C library's; lwip/
#   lib/             libilwaco.a, libilwaco_net.a
#   guest.ld         where an image lies
#   rules            the flags of cmake/guest.cmake, for iksim-cc
#   templates/       for `iksim new guest`
include(${CMAKE_SOURCE_DIR}/cmake/guest.cmake)
set(sdk ${CMAKE_BINARY_DIR}/sdk)
set(stamp ${sdk}/headers.stamp)
set(copies "")
set(texts "")

# Copies the headers of a folder of the tree, or of lwIP's, into the sdk.
function(iksim_sdk_headers from to)
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE ${from} ${from}/*.h)
  list(FILTER headers EXCLUDE REGEX "^(sdk|include)/")
  foreach(header IN LISTS headers)
    cmake_path(GET header PARENT_PATH folder)
    list(APPEND copies COMMAND ${CMAKE_COMMAND} -E make_directory
      ${sdk}/include/${to}/${folder} COMMAND ${CMAKE_COMMAND} -E copy
      ${from}/${header} ${sdk}/include/${to}/${folder})
    list(APPEND texts ${from}/${header})
  endforeach()
  set(copies ${copies} PARENT_SCOPE)
  set(texts ${texts} PARENT_SCOPE)
endfunction()

iksim_sdk_headers(${CMAKE_SOURCE_DIR}/ilwaco ilwaco)
iksim_sdk_headers(${CMAKE_SOURCE_DIR}/ilwaco/include libc)
foreach(header IN ITEMS isa/abi.h isa/args/args.h)
  cmake_path(GET header PARENT_PATH folder)
  list(APPEND copies COMMAND ${CMAKE_COMMAND} -E make_directory
    ${sdk}/include/${folder} COMMAND ${CMAKE_COMMAND} -E copy
    ${CMAKE_SOURCE_DIR}/${header} ${sdk}/include/${folder})
  list(APPEND texts ${CMAKE_SOURCE_DIR}/${header})
endforeach()
set(libraries ilwaco)
if(IKSIM_HAVE_LWIP)
  list(APPEND libraries ilwaco_net)
  iksim_sdk_headers(${IKSIM_LWIP_DIR}/src/include/lwip lwip/lwip)
  iksim_sdk_headers(${IKSIM_LWIP_DIR}/src/include/netif lwip/netif)
endif()
foreach(library IN LISTS libraries)
  get_target_property(archive guest_${library} ARCHIVE)
  list(APPEND copies COMMAND ${CMAKE_COMMAND} -E copy ${archive} ${sdk}/lib)
  list(APPEND texts ${archive} guest_${library})
endforeach()

set(templates ${CMAKE_SOURCE_DIR}/ilwaco/sdk/templates)
file(GLOB files CONFIGURE_DEPENDS ${templates}/*)
add_custom_command(OUTPUT ${stamp}
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${sdk}/include ${sdk}/lib ${sdk}/templates
  COMMAND ${CMAKE_COMMAND} -E make_directory ${sdk}/lib
  ${copies}
  COMMAND ${CMAKE_COMMAND} -E copy ${CMAKE_SOURCE_DIR}/ilwaco/guest.ld ${sdk}
  COMMAND ${CMAKE_COMMAND} -E copy_directory ${templates} ${sdk}/templates
  COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
  DEPENDS ${texts} ${files} ${CMAKE_SOURCE_DIR}/ilwaco/guest.ld
    ${CMAKE_SOURCE_DIR}/cmake/sdk.cmake
  COMMENT "Gathering what guests are compiled with" VERBATIM)
add_custom_target(sdk ALL DEPENDS ${stamp})

foreach(list IN ITEMS TARGET_CLANG TARGET_GCC SOFT_CLANG RULES LINK_RULES)
  list(JOIN IKSIM_GUEST_${list} " " words)
  string(APPEND rules "${list}='${words}'\n")
endforeach()
file(CONFIGURE OUTPUT ${sdk}/rules CONTENT "${rules}")
configure_file(${CMAKE_SOURCE_DIR}/ilwaco/sdk/iksim-cc
  ${CMAKE_BINARY_DIR}/iksim-cc COPYONLY)
configure_file(${CMAKE_SOURCE_DIR}/ilwaco/sdk/IlwacoConfig.cmake
  ${CMAKE_BINARY_DIR}/share/cmake/Ilwaco/IlwacoConfig.cmake COPYONLY)
